#include "cli/feedback_page.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "cli/output.h"

namespace plumbline::cli {
namespace {

namespace v1 = coding::v1;

constexpr char kHead[] = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>
body{font:16px/1.5 system-ui,sans-serif;color:#1d2733;max-width:52rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem;margin-bottom:.25rem}.lead{color:#4a5765;margin-top:0}
.share{font-size:2.2rem;font-weight:600}.met{color:#0b6b3a}.not-met{color:#8a4b08}
table{border-collapse:collapse;width:100%;margin:1rem 0}th,td{text-align:left;vertical-align:top;padding:.45rem .6rem;border-bottom:1px solid #d9e0e7}
th{font-weight:600;border-bottom:2px solid #9aa7b4}.yes td:first-child{border-left:4px solid #0b6b3a}.no td:first-child{border-left:4px solid #d9e0e7}
.undecided td:first-child{border-left:4px solid #c98a1b}.quiet{color:#4a5765}
</style>)";

std::string Escape(const std::string& text) {
  return absl::StrReplaceAll(text, {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}, {"'", "&#39;"}});
}

std::string Row(const v1::FeedbackQuestion& question) {
  const bool yes = question.majority() == v1::MAJORITY_YES;
  const bool no = question.majority() == v1::MAJORITY_NO;
  std::string nomination;
  if (yes) {
    nomination = question.nomination().empty()
                     ? "<span class=\"quiet\">no agreed nomination</span>"
                     : absl::StrCat(Escape(question.nomination()), ". ", Escape(question.nomination_label()));
  }
  return absl::StrCat("<tr class=\"",
                      yes  ? "yes"
                      : no ? "no"
                           : "undecided",
                      "\"><td>", question.turn(), "</td><td>", Escape(question.text()), "</td><td>",
                      yes  ? "outcomes-focused"
                      : no ? "<span class=\"quiet\">not outcomes-focused</span>"
                           : "no majority",
                      "</td><td>", nomination, "</td></tr>\n");
}

}  // namespace

std::string FeedbackPage(const v1::FeedbackSheet& sheet) {
  const std::string title = absl::StrCat("Feedback on ", Escape(sheet.session()));
  const std::string threshold = absl::StrCat(sheet.threshold().numerator(), " in ", sheet.threshold().denominator());
  std::string page = absl::StrCat(kHead, "<title>", title, "</title></head><body><h1>", title, "</h1>\n");
  if (sheet.percent().has_value()) {
    absl::StrAppend(&page, "<p class=\"lead\">", sheet.outcomes_focused(), " of ", sheet.questions_size(),
                    " questions were outcomes-focused.</p>\n<p><span class=\"share ",
                    sheet.meets_criterion() ? "met\">" : "not-met\">", Fixed(sheet.percent().value(), 1), "%</span> ",
                    sheet.meets_criterion() ? "reaches" : "does not reach", " the criterion of ", threshold, ".</p>\n");
  } else {
    absl::StrAppend(&page, "<p class=\"lead\">", Escape(sheet.percent().undefined().explanation()), "</p>\n");
  }
  absl::StrAppend(&page,
                  "<table><thead><tr><th>Turn</th><th>Question</th><th>Coders' majority</th><th>Most like</th></tr>"
                  "</thead><tbody>\n");
  for (const v1::FeedbackQuestion& question : sheet.questions()) absl::StrAppend(&page, Row(question));
  absl::StrAppend(&page, "</tbody></table>\n");
  if (sheet.never_asked_size() > 0) {
    absl::StrAppend(&page, "<h2>Not asked in this session</h2>\n<ul>\n");
    for (const v1::FrameEntry& entry : sheet.never_asked()) {
      absl::StrAppend(&page, "<li>", Escape(entry.id()), ". ", Escape(entry.label()), "</li>\n");
    }
    absl::StrAppend(&page, "</ul>\n");
  }
  return absl::StrCat(page, "</body></html>\n");
}

}  // namespace plumbline::cli
