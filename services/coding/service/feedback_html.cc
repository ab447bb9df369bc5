#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "coding/service/feedback_document.h"
#include "coding/service/feedback_words.h"

namespace plumbline::coding {
namespace {

// On a narrow screen each row of the table becomes a block of its own; on paper nothing is coloured in.
constexpr char kHead[] = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>
:root{--ink:#1d2733;--quiet:#4a5765;--line:#d3dbe3;--yes:#0b6b3a;--no:#8a4b08;--open:#8a6d00}
*{box-sizing:border-box}
body{font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;color:var(--ink);max-width:54rem;margin:2rem auto;padding:0 1rem;overflow-wrap:break-word}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 1rem}h2{font-size:1.15rem;margin:2rem 0 .5rem}
.result{border:1px solid var(--line);border-left:.4rem solid var(--no);border-radius:.25rem;padding:.75rem 1rem}
.result.met{border-left-color:var(--yes)}.result.plain{border-left-color:var(--line)}
.result p{margin:.2rem 0}.percent{font-size:2.2rem;line-height:1.1;font-weight:600}
.quiet{color:var(--quiet)}
table{border-collapse:collapse;width:100%;margin:.5rem 0}
th,td{text-align:left;vertical-align:top;padding:.45rem .6rem;border-bottom:1px solid var(--line)}
thead th{border-bottom:2px solid #8796a5;font-weight:600}
td.number,th.number{text-align:right;white-space:nowrap;width:1%}
.judged{min-width:7em}
.yes .judged{color:var(--yes);font-weight:600}.undecided .judged{color:var(--open);font-weight:600}.no .judged{color:var(--quiet)}
ul{padding-left:1.2rem}
@media (max-width:40rem){body{margin:1rem auto}.questions thead{display:none}
.questions tr{display:block;border-bottom:1px solid var(--line);padding:.6rem 0}
.questions td{display:block;border:0;padding:.1rem 0;text-align:left;width:auto}
.questions td[data-label]:not(:empty)::before{content:attr(data-label) ": ";color:var(--quiet)}}
@media print{body{margin:0;max-width:none;font-size:10.5pt}tr,.result,li{break-inside:avoid}h2{break-after:avoid}thead{display:table-header-group}
.yes .judged,.no .judged,.undecided .judged{color:#000}}
</style>)";

std::string Escape(const std::string& text) {
  return absl::StrReplaceAll(text, {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}, {"'", "&#39;"}});
}

std::string Paragraph(const std::string& text) {
  return text.empty() ? "" : absl::StrCat("<p>", Escape(text), "</p>\n");
}

const char* ClassOf(const v1::FeedbackQuestion& question) {
  if (question.majority() == v1::MAJORITY_YES) return "yes";
  return question.majority() == v1::MAJORITY_NO ? "no" : "undecided";
}

std::string Summary(const v1::FeedbackSheet& sheet) {
  const char* standing =
      !sheet.has_threshold() || sheet.questions_size() == 0 ? "plain" : (sheet.meets_criterion() ? "met" : "not-met");
  std::string out = absl::StrCat("<div class=\"result ", standing, "\">\n");
  if (sheet.percent().has_value()) absl::StrAppend(&out, "<p class=\"percent\">", PercentText(sheet), "</p>\n");
  absl::StrAppend(&out, Paragraph(CountSentence(sheet)), Paragraph(SampleSentence(sheet)),
                  Paragraph(CriterionSentence(sheet)));
  return absl::StrCat(out, "</div>\n");
}

std::string Questions(const v1::FeedbackSheet& sheet) {
  if (sheet.questions_size() == 0) return "";
  std::string out = absl::StrCat("<h2>", QuestionsHeading(sheet), "</h2>\n<table class=\"questions\"><thead><tr>");
  absl::StrAppend(&out, "<th class=\"number\">No.</th><th class=\"number\">Turn</th><th>Question</th><th>Judged</th>",
                  HasList(sheet) ? "<th>Most like</th>" : "", "</tr></thead><tbody>\n");
  for (int i = 0; i < sheet.questions_size(); ++i) {
    const v1::FeedbackQuestion& question = sheet.questions(i);
    absl::StrAppend(&out, "<tr class=\"", ClassOf(question), "\"><td class=\"number\" data-label=\"No.\">", i + 1,
                    "</td><td class=\"number\" data-label=\"Turn\">", question.turn(), "</td><td>",
                    Escape(question.text()), "</td><td class=\"judged\">", JudgementText(question), "</td>");
    if (HasList(sheet)) {
      absl::StrAppend(&out, "<td data-label=\"Most like\">", Escape(MostLikeText(question)), "</td>");
    }
    absl::StrAppend(&out, "</tr>\n");
  }
  return absl::StrCat(out, "</tbody></table>\n");
}

std::string Kinds(const v1::FeedbackSheet& sheet) {
  if (!HasList(sheet)) return "";
  std::string asked;
  for (const v1::EntryCount& entry : sheet.asked()) {
    if (entry.count() == 0) continue;
    absl::StrAppend(&asked, "<li>", Escape(entry.entry()), ". ", Escape(AskedLabel(sheet, entry.entry())), " (",
                    entry.count(), entry.count() == 1 ? " time" : " times", ")</li>\n");
  }
  std::string never;
  for (const v1::FrameEntry& entry : sheet.never_asked()) {
    absl::StrAppend(&never, "<li>", Escape(entry.id()), ". ", Escape(entry.label()), "</li>\n");
  }
  std::string out = "<h2>Kinds of question</h2>\n" + Paragraph(ListSentence(sheet));
  if (!asked.empty()) absl::StrAppend(&out, "<h3>Asked</h3>\n<ul>\n", asked, "</ul>\n");
  if (!never.empty()) absl::StrAppend(&out, "<h3>", NeverAskedHeading(sheet), "</h3>\n<ul>\n", never, "</ul>\n");
  return out;
}

}  // namespace

std::string FeedbackHtml(const v1::FeedbackSheet& sheet) {
  const std::string title = absl::StrCat("Feedback on ", Escape(sheet.session()));
  std::string page = absl::StrCat(kHead, "<title>", title, "</title></head><body>\n<h1>", title, "</h1>\n",
                                  Summary(sheet), Questions(sheet), Kinds(sheet), "<h2>How to read this</h2>\n");
  for (const std::string& paragraph : HowToRead(sheet)) {
    absl::StrAppend(&page, "<p class=\"quiet\">", Escape(paragraph), "</p>\n");
  }
  return absl::StrCat(page, "</body></html>\n");
}

}  // namespace plumbline::coding
