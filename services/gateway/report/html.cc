#include "gateway/report/html.h"

#include "absl/strings/str_cat.h"
#include "gateway/report/svg.h"
#include "gateway/report/text.h"

namespace plumbline::gateway::report {

Table::Table(const std::string& caption, const std::vector<std::string>& columns) {
  out_ = absl::StrCat("<div class=\"scroll\"><table><caption>", Escape(caption), "</caption><thead><tr>");
  for (const std::string& column : columns) {
    const bool figure = !column.empty() && column[0] == '#';
    figures_.push_back(figure);
    absl::StrAppend(&out_, "<th scope=\"col\"", figure ? " class=\"n\">" : ">",
                    Escape(figure ? column.substr(1) : column), "</th>");
  }
  out_ += "</tr></thead><tbody>\n";
}

void Table::Row(const std::vector<std::string>& cells, const std::string& css_class) {
  absl::StrAppend(&out_, "<tr", css_class.empty() ? "" : absl::StrCat(" class=\"", css_class, "\""), ">");
  for (size_t i = 0; i < cells.size(); ++i) {
    if (i == 0) {
      absl::StrAppend(&out_, "<th scope=\"row\">", cells[i], "</th>");
    } else {
      absl::StrAppend(&out_, i < figures_.size() && figures_[i] ? "<td class=\"n\">" : "<td>", cells[i], "</td>");
    }
  }
  out_ += "</tr>\n";
}

std::string Table::Finish() { return out_ + "</tbody></table></div>\n"; }

const v1::SectionStatus* FindStatus(const v1::Report& report, const std::string& section) {
  for (const v1::SectionStatus& status : report.statuses()) {
    if (status.section() == section) return &status;
  }
  return nullptr;
}

std::string Section(const v1::Report& report, const std::string& id, const std::string& title,
                    const std::string& body) {
  std::string notice;
  if (const v1::SectionStatus* status = FindStatus(report, id); status != nullptr && !status->explanation().empty()) {
    notice = absl::StrCat("<p class=\"", status->complete() ? "remark" : "missing", "\" role=\"note\"><strong>",
                          status->complete() ? "Please note: " : "This section is not complete: ", "</strong>",
                          Escape(status->explanation()), "</p>\n");
  }
  return absl::StrCat("<section id=\"", id, "\"><h2>", Escape(title), "</h2>\n", notice, body, "</section>\n");
}

std::string Figure(const std::string& picture, const std::string& caption) {
  return absl::StrCat("<figure><div class=\"scroll\">", picture, "</div>",
                      caption.empty() ? "" : absl::StrCat("<figcaption>", Escape(caption), "</figcaption>"),
                      "</figure>\n");
}

std::string Beside(const std::string& left, const std::string& right) {
  return absl::StrCat("<div class=\"beside\"><div>", left, "</div><div>", right, "</div></div>\n");
}

std::string ArmLegend(const v1::Report& report) {
  std::string out = "<ul class=\"legend\">";
  for (int i = 0; i < report.trial().arms_size(); ++i) {
    const std::string& arm = report.trial().arms(i).id();
    absl::StrAppend(&out, "<li>", LegendMarker(i), Escape(ArmTitle(report, arm)), "</li>");
  }
  return out + "</ul>\n";
}

std::string Paragraph(const std::string& html) { return absl::StrCat("<p>", html, "</p>\n"); }

std::string Note(const std::string& text) { return absl::StrCat("<p class=\"note\">", Escape(text), "</p>\n"); }

}  // namespace plumbline::gateway::report
