#include "gateway/report/html.h"

#include "absl/strings/str_cat.h"
#include "gateway/report/svg.h"
#include "gateway/report/text.h"

namespace plumbline::gateway::report {

Table::Table(const std::string& caption, const std::vector<std::string>& columns) {
  stacks_ = columns.size() > 3;
  out_ = absl::StrCat("<div class=\"scroll\"><table", stacks_ ? " class=\"stacks\" role=\"table\"" : "", "><caption>",
                      Escape(caption),
                      stacks_ ? "</caption><thead role=\"rowgroup\"><tr role=\"row\">" : "</caption><thead><tr>");
  for (const std::string& column : columns) {
    const bool figure = !column.empty() && column[0] == '#';
    figures_.push_back(figure);
    names_.push_back(Escape(figure ? column.substr(1) : column));
    absl::StrAppend(&out_, "<th scope=\"col\"", stacks_ ? " role=\"columnheader\"" : "", figure ? " class=\"n\">" : ">",
                    names_.back(), "</th>");
  }
  out_ += stacks_ ? "</tr></thead><tbody role=\"rowgroup\">\n" : "</tr></thead><tbody>\n";
}

void Table::Row(const std::vector<std::string>& cells, const std::string& css_class) {
  absl::StrAppend(&out_, "<tr", stacks_ ? " role=\"row\"" : "",
                  css_class.empty() ? "" : absl::StrCat(" class=\"", css_class, "\""), ">");
  for (size_t i = 0; i < cells.size(); ++i) {
    if (i == 0) {
      absl::StrAppend(&out_, stacks_ ? "<th scope=\"row\" role=\"rowheader\">" : "<th scope=\"row\">", cells[i],
                      "</th>");
    } else {
      const bool known = i < figures_.size();
      absl::StrAppend(&out_, "<td", stacks_ ? " role=\"cell\"" : "", known && figures_[i] ? " class=\"n\"" : "",
                      stacks_ && known && !cells[i].empty() ? absl::StrCat(" data-column=\"", names_[i], "\"") : "",
                      ">", cells[i], "</td>");
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
