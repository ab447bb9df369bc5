#include "gateway/report/render.h"

#include <fstream>
#include <regex>
#include <set>

#include "common/base/csv.h"
#include "gateway/report/sample_report.h"
#include "gateway/report/svg.h"
#include "gateway/report/text.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"

namespace plumbline::gateway::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// Every tag that is opened is closed, in order: what a browser would otherwise mend in its own way.
void ExpectBalanced(const std::string& page) {
  static const std::set<std::string> kVoid = {"meta", "!doctype", "line", "rect", "circle", "path"};
  std::vector<std::string> open;
  const std::string body = page.substr(0, page.find("<style>")) + page.substr(page.find("</style>") + 8);
  const std::regex tag("<(/?)([!a-zA-Z0-9]+)([^>]*)>");
  for (std::sregex_iterator it(body.begin(), body.end(), tag), end; it != end; ++it) {
    const std::string name = (*it)[2];
    if (kVoid.count(name) > 0) continue;
    if ((*it)[1].length() == 0) {
      open.push_back(name);
    } else {
      ASSERT_FALSE(open.empty()) << it->str();
      ASSERT_EQ(open.back(), name) << it->position();
      open.pop_back();
    }
  }
  EXPECT_TRUE(open.empty()) << ::testing::PrintToString(open);
}

TEST(HtmlTest, HoldsEverySectionAndLoadsNothing) {
  const std::string page = RenderHtml(SampleReport());
  std::ofstream(PLUMBLINE_BINARY_DIR "/report-sample.html") << page;  // to look at
  for (const char* id : {"flow", "fidelity", "instruments", "costs", "impact", "benefits", "ledgers", "provenance"}) {
    EXPECT_THAT(page, HasSubstr(std::string("<section id=\"") + id + "\">"));
  }
  EXPECT_THAT(page, HasSubstr("content=\"default-src 'none'; style-src 'unsafe-inline'\""));
  for (const char* outside : {"http:", "https:", "<script", "<link", "<img", "<iframe", "url(", "@import",
                              " src=", "onclick", "javascript:"}) {
    EXPECT_THAT(page, Not(HasSubstr(outside)));
  }
  ExpectBalanced(page);
}

TEST(HtmlTest, IdsAreUniqueAndLinksHaveTargets) {
  const std::string page = RenderHtml(SampleReport());
  std::set<std::string> ids;
  const std::regex id(" id=\"([^\"]+)\"");
  for (std::sregex_iterator it(page.begin(), page.end(), id), end; it != end; ++it) {
    EXPECT_TRUE(ids.insert((*it)[1]).second) << it->str();
  }
  const std::regex link("href=\"#([^\"]+)\"");
  int links = 0;
  for (std::sregex_iterator it(page.begin(), page.end(), link), end; it != end; ++it, ++links) {
    EXPECT_EQ(ids.count((*it)[1]), 1u) << it->str();
  }
  EXPECT_GT(links, 6);
  const std::regex labelled("aria-labelledby=\"([^ \"]+) ([^\"]+)\"");
  for (std::sregex_iterator it(page.begin(), page.end(), labelled), end; it != end; ++it) {
    EXPECT_EQ(ids.count((*it)[1]) + ids.count((*it)[2]), 2u) << it->str();
  }
}

TEST(HtmlTest, ShowsTheFiguresThatMatter) {
  const std::string page = RenderHtml(SampleReport());
  for (const char* figure : {"Synthetic data.",
                             "12 of 16",
                             "1 of 16",
                             "0.8806",
                             "0.8810",
                             "98 of 106 questions",
                             "criterion: one third (33.3 %)",
                             "p = 0.032",
                             "p &lt; 0.001",
                             "H = 11.482",
                             "every value is the same",
                             "1,203",
                             "£1,884.07",
                             "£510.94",
                             "£11.67m",
                             "£15.03m",
                             "£7.95m",
                             "1.89",
                             "+8.3",
                             "+13.9",
                             "88.23",
                             "88.32",
                             "132,345",
                             "does not follow",
                             "rounding only",
                             "not recomputable",
                             "cannot be recomputed",
                             "reproduced",
                             "20240501",
                             "the instruments service did not answer in time",
                             "2 sessions of the study are not in this trial"}) {
    EXPECT_THAT(page, HasSubstr(figure));
  }
}

TEST(HtmlTest, CollectedDataHasNoSyntheticBanner) {
  v1::Report report = SampleReport();
  report.mutable_trial()->set_synthetic(false);
  EXPECT_THAT(RenderHtml(report), Not(HasSubstr("Synthetic data")));
}

TEST(HtmlTest, SameMessageSameBytes) {
  EXPECT_EQ(RenderHtml(SampleReport()), RenderHtml(SampleReport()));
  EXPECT_EQ(*RenderJson(SampleReport()), *RenderJson(SampleReport()));
  EXPECT_EQ(RenderCsv(SampleReport()), RenderCsv(SampleReport()));
}

// Puts `text` into every string field of the message, however deep.
void Poison(google::protobuf::Message& message, const std::string& text) {
  const auto* descriptor = message.GetDescriptor();
  const auto* reflection = message.GetReflection();
  for (int f = 0; f < descriptor->field_count(); ++f) {
    const auto* field = descriptor->field(f);
    if (field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_STRING) {
      if (field->is_repeated()) {
        for (int i = 0; i < reflection->FieldSize(message, field); ++i)
          reflection->SetRepeatedString(&message, field, i, text);
      } else {
        reflection->SetString(&message, field, text);
      }
    } else if (field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE) {
      if (field->is_repeated()) {
        for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
          Poison(*reflection->MutableRepeatedMessage(&message, field, i), text);
        }
      } else if (reflection->HasField(message, field)) {
        Poison(*reflection->MutableMessage(&message, field), text);
      }
    }
  }
}

TEST(HtmlTest, HostileTextsAreShownAndNeverMarkup) {
  const std::string hostile = "\"><script>alert(1)</script><b onload='x'>&amp;";
  v1::Report report = SampleReport();
  Poison(report, hostile);
  // Section names choose which sections there are; poisoned ones leave the sections out, so they are put back.
  const v1::Report clean = SampleReport();
  *report.mutable_statuses() = clean.statuses();
  for (auto& status : *report.mutable_statuses()) status.set_explanation(hostile);
  const std::string page = RenderHtml(report);
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("<b onload")));
  EXPECT_THAT(page, Not(HasSubstr("'x'>")));
  EXPECT_THAT(page, HasSubstr("&quot;&gt;&lt;script&gt;alert(1)"));
  ExpectBalanced(page);

  *report.mutable_statuses(0)->mutable_section() = hostile;
  EXPECT_THAT(RenderHtml(report), Not(HasSubstr("<script")));
}

TEST(HtmlTest, AnEmptyReportIsStillAPage) {
  v1::Report report;
  const std::string page = RenderHtml(report);
  EXPECT_THAT(page, HasSubstr("<section id=\"flow\">"));
  EXPECT_THAT(page, Not(HasSubstr("<section id=\"fidelity\">")));
  ExpectBalanced(page);
}

TEST(HtmlTest, SectionsThatCouldNotBeMadeSayWhy) {
  v1::Report report = SampleReport();
  report.clear_fidelity();
  report.clear_session_costs();
  report.clear_training_cost();
  report.clear_impact();
  report.clear_benefits();
  report.clear_instruments();
  report.clear_ledgers();
  for (auto& status : *report.mutable_statuses()) {
    status.set_complete(false);
    status.set_explanation("the " + status.section() + " source could not be reached");
  }
  const std::string page = RenderHtml(report);
  EXPECT_THAT(page, HasSubstr("Parts of this report are missing."));
  for (const auto& status : report.statuses()) {
    EXPECT_THAT(page, HasSubstr("<section id=\"" + status.section() + "\">"));
    EXPECT_THAT(page, HasSubstr("the " + status.section() + " source could not be reached"));
  }
  ExpectBalanced(page);
}

TEST(HtmlTest, UndefinedAndExtremeFiguresKeepThePageWhole) {
  v1::Report report = SampleReport();
  for (auto& group : *report.mutable_session_costs()->mutable_groups()) {
    group.clear_minutes();
    group.mutable_minutes()->mutable_mean()->mutable_undefined()->set_reason(common::v1::UNDEFINED_REASON_NO_DATA);
  }
  report.mutable_impact()->mutable_estimates(0)->mutable_means()->set_treated_after(
      report.impact().estimates(0).means().treated_before());
  report.mutable_impact()->mutable_estimates(1)->set_estimate(0);
  report.mutable_impact()->mutable_estimates(2)->mutable_means()->set_treated_before(1e300);
  for (auto& stream : *report.mutable_benefits()->mutable_streams()) stream.set_value_gbp(0);
  report.mutable_spec()->mutable_benefits()->set_programme_cost_gbp(0);
  const std::string page = RenderHtml(report);
  EXPECT_THAT(page, HasSubstr("not defined: there is no data"));
  EXPECT_THAT(page, Not(::testing::ContainsRegex("=\"-?(nan|inf)")));
  ExpectBalanced(page);
}

std::string PartOf(const std::string& page, const std::string& section) {
  const size_t start = page.find("<section id=\"" + section + "\">");
  if (start == std::string::npos) return "";
  return page.substr(start, page.find("</section>", start) - start);
}

void Empty(common::v1::Descriptives& descriptives) {
  descriptives.Clear();
  descriptives.set_missing(60);
  descriptives.mutable_mean()->mutable_undefined()->set_reason(common::v1::UNDEFINED_REASON_NO_DATA);
  descriptives.mutable_mean()->mutable_undefined()->set_explanation("undefined: no data");
}

// Only the first questionnaire, with three waves, in the second of which `arms` have no responses.
v1::Report WithoutSecondWave(const std::set<std::string>& arms) {
  v1::Report report = SampleReport();
  report.mutable_trial()->mutable_waves(1)->set_title("Half way");
  v1::InstrumentSection section = report.instruments(0);
  report.clear_instruments();
  for (auto& summary : *section.mutable_summary()->mutable_summaries()) {
    if (summary.wave() == "t2" && arms.count(summary.group()) > 0) Empty(*summary.mutable_descriptives());
  }
  *report.add_instruments() = section;
  return report;
}

TEST(HtmlTest, AWaveThatNobodyAnsweredIsOneLine) {
  const v1::Report report = WithoutSecondWave({"programme", "usual"});
  ASSERT_EQ(report.instruments(0).summary().summaries_size(), 6);
  const std::string part = PartOf(RenderHtml(report), "instruments");
  EXPECT_THAT(part, HasSubstr("Not asked in: Half way."));
  EXPECT_THAT(part, Not(HasSubstr("no responses")));
  EXPECT_THAT(part, Not(HasSubstr("undefined: ")));
  EXPECT_THAT(part, Not(HasSubstr(">Half way</th>")));  // no row of the table
  EXPECT_THAT(part, HasSubstr(">T1</text>"));
  EXPECT_THAT(part, Not(HasSubstr(">T2</text>")));  // no place in the picture
  EXPECT_THAT(part, HasSubstr(">T3</text>"));
}

TEST(HtmlTest, AnArmWithoutResponsesInAWaveKeepsItsRow) {
  const std::string part = PartOf(RenderHtml(WithoutSecondWave({"usual"})), "instruments");
  EXPECT_THAT(part, Not(HasSubstr("Not asked in")));
  EXPECT_THAT(part, HasSubstr("no responses in this wave"));
  EXPECT_THAT(part, Not(HasSubstr("undefined: ")));
  EXPECT_THAT(part, HasSubstr(">T2</text>"));
  EXPECT_THAT(part, HasSubstr("; T2: Half way."));
}

TEST(HtmlTest, SharesOfAgreementAreShownInPercent) {
  v1::Report report = SampleReport();
  report.mutable_fidelity()->mutable_results()->clear_agreement();
  auto* measure = report.mutable_fidelity()->mutable_results()->add_agreement();
  measure->set_measure("percent-pairwise");
  measure->mutable_estimate()->mutable_value()->set_value(0.952);
  measure->mutable_estimate()->set_lower(0.94);
  measure->mutable_estimate()->set_upper(0.961);
  const std::string part = PartOf(RenderHtml(report), "fidelity");
  EXPECT_THAT(part, HasSubstr(">95.20 %<"));
  EXPECT_THAT(part, HasSubstr(">94.00 to 96.10 %<"));
  EXPECT_THAT(part, Not(HasSubstr("0.952")));
}

TEST(HtmlTest, SessionsOfWhichASampleWasCodedSaySo) {
  v1::Report report = SampleReport();
  EXPECT_THAT(PartOf(RenderHtml(report), "fidelity"), Not(HasSubstr("random sample")));
  auto* session = report.mutable_fidelity()->mutable_results()->mutable_sessions(0);
  session->set_outcomes_focused(3);
  session->set_questions(12);
  session->set_questions_in_all(40);
  const std::string part = PartOf(RenderHtml(report), "fidelity");
  EXPECT_THAT(part, HasSubstr("Of 1 session a random sample of the questions was coded"));
  EXPECT_THAT(part, HasSubstr(">12 of 40<"));
}

TEST(HtmlTest, ManyInputsOfACollectionAreFoldedButAllThere) {
  v1::Report report = SampleReport();
  auto* provenance = report.mutable_provenance();
  provenance->clear_inputs();
  provenance->add_inputs("trials/north");
  for (int i = 1; i <= 12; ++i) provenance->add_inputs("transcripts/s" + std::to_string(i));
  const std::string part = PartOf(RenderHtml(report), "provenance");
  EXPECT_THAT(part, HasSubstr("trials/north<details><summary>12 transcripts</summary>transcripts/s1, "));
  EXPECT_THAT(part, HasSubstr("transcripts/s12</details>"));
}

TEST(HtmlTest, ASourceThatAllOutcomesShareIsSaidOnce) {
  v1::Report report = SampleReport();
  ASSERT_GT(report.spec().outcomes_size(), 1);
  for (auto& outcome : *report.mutable_spec()->mutable_outcomes()) outcome.set_source("One and the same");
  const std::string part = PartOf(RenderHtml(report), "impact");
  const size_t first = part.find("One and the same");
  EXPECT_NE(first, std::string::npos);
  EXPECT_EQ(part.find("One and the same", first + 1), std::string::npos);
}

TEST(HtmlTest, WideTablesNameTheColumnOfEveryCellForNarrowScreens) {
  const std::string part = PartOf(RenderHtml(SampleReport()), "flow");
  EXPECT_THAT(part, HasSubstr("<table class=\"stacks\" role=\"table\">"));
  EXPECT_THAT(part, HasSubstr("data-column=\"Families\">1,203<"));
}

TEST(CsvTest, EveryFigureIsARowThatReadsBack) {
  const std::string csv = RenderCsv(SampleReport());
  const auto table = CsvTable::Parse(csv);
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_THAT(table->header(),
              ::testing::ElementsAre("section", "item", "group", "wave", "statistic", "value", "unit"));
  const auto value = [&](const std::string& section, const std::string& item, const std::string& group,
                         const std::string& wave, const std::string& statistic) -> std::string {
    for (size_t r = 0; r < table->rows(); ++r) {
      if (table->Cell(r, "section") == section && table->Cell(r, "item") == item && table->Cell(r, "group") == group &&
          table->Cell(r, "wave") == wave && table->Cell(r, "statistic") == statistic) {
        return table->Cell(r, "value");
      }
    }
    return "(no such row)";
  };
  EXPECT_EQ(value("flow", "", "usual", "", "families"), "1203");
  EXPECT_EQ(value("fidelity", "agreement", "", "", "fleiss-kappa"), "0.880631");
  EXPECT_EQ(value("fidelity", "sessions", "programme", "", "meeting_criterion"), "12");
  EXPECT_EQ(value("fidelity", "comparison of the arms", "", "", "hedges_g"), "");
  EXPECT_EQ(value("costs", "training", "", "", "total_median"), "1884.07");
  EXPECT_EQ(value("benefits", "children-looked-after", "", "", "value"), "11674600");
  EXPECT_EQ(value("ledgers", "saving_family", "ledgers/pilot", "", "printed"), "88.23");
  EXPECT_EQ(value("ledgers", "saving_family", "ledgers/pilot", "", "recomputed"), "88.32");
  EXPECT_EQ(value("ledgers", "saving_family", "ledgers/pilot", "", "verdict"), "does not follow");
  EXPECT_EQ(value("instruments", "instruments/concern/overall", "usual", "t1", "count: high"), "13");
  double mean = 0;
  ASSERT_EQ(sscanf(value("instruments", "instruments/swai/rapport", "programme", "t3", "mean").c_str(), "%lf", &mean),
            1);
  EXPECT_EQ(mean, SampleReport().instruments(0).summary().summaries(4).descriptives().mean().value());
}

TEST(CsvTest, TextsThatASpreadsheetWouldRunAreDefused) {
  v1::Report report = SampleReport();
  report.mutable_training_cost()->mutable_events(0)->set_label("x");
  report.mutable_fidelity()->mutable_results()->mutable_sessions(0)->set_session("=HYPERLINK(1)");
  EXPECT_THAT(RenderCsv(report), Not(::testing::ContainsRegex("(^|,)=HYPERLINK")));
}

TEST(JsonTest, ReadsBackAsTheSameMessage) {
  const auto json = RenderJson(SampleReport());
  ASSERT_TRUE(json.ok());
  v1::Report back;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(*json, &back).ok());
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(back, SampleReport()));
}

TEST(RenderTest, FormatsHaveTheirMediaTypes) {
  EXPECT_EQ(Render(SampleReport(), v1::REPORT_FORMAT_HTML)->media_type, "text/html; charset=utf-8");
  EXPECT_EQ(Render(SampleReport(), v1::REPORT_FORMAT_CSV)->media_type, "text/csv; charset=utf-8");
  EXPECT_EQ(Render(SampleReport(), v1::REPORT_FORMAT_JSON)->media_type, "application/json");
  EXPECT_EQ(Render(SampleReport(), v1::REPORT_FORMAT_UNSPECIFIED).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(TextTest, NumbersForPeople) {
  EXPECT_EQ(Number(-1234.5, 1), "−1,234.5");
  EXPECT_EQ(Number(-0.001, 2), "0.00");
  EXPECT_EQ(Number(1234567, 0), "1,234,567");
  EXPECT_EQ(Number(999, 2), "999.00");
  EXPECT_EQ(Compact(0.12345), "0.1235");
  EXPECT_EQ(Compact(37.5), "37.5");
  EXPECT_EQ(Compact(74317), "74,317");
  EXPECT_EQ(Pounds(11674600), "£11.67m");
  EXPECT_EQ(Pounds(-15.556), "−£15.56");
  EXPECT_EQ(Titled("children-looked-after"), "Children looked after");
  EXPECT_EQ(Pounds(132345), "£132,345");
  EXPECT_EQ(DecimalsOf(0.01, 3), 2);
  EXPECT_EQ(DecimalsOf(100, 3), 0);
  EXPECT_EQ(DecimalsOf(0.5, 3), 1);
  EXPECT_EQ(DecimalsOf(0, 3), 3);
  EXPECT_EQ(Exact(0.1), "0.1");
  EXPECT_EQ(Exact(1e6), "1000000");
  EXPECT_EQ(Exact(1.0 / 3), "0.3333333333333333");
}

TEST(TextTest, NotDefinedIsSaidOnce) {
  common::v1::Statistic statistic;
  for (const auto& [explanation, why] :
       std::vector<std::pair<std::string, std::string>>{{"undefined: no data", "no data"},
                                                        {"undefined for lack of variation", "lack of variation"},
                                                        {"all pairs are tied", "all pairs are tied"},
                                                        {"", "there are too few values"}}) {
    statistic.mutable_undefined()->set_reason(common::v1::UNDEFINED_REASON_TOO_FEW);
    statistic.mutable_undefined()->set_explanation(explanation);
    EXPECT_EQ(WhyUndefined(statistic), why);
  }
}

TEST(TextTest, UnitsAndNamesForPeople) {
  EXPECT_EQ(UnitText("GBP"), "£");
  EXPECT_EQ(UnitText("GBP per hour"), "£ per hour");
  EXPECT_EQ(UnitText("GBPX"), "GBPX");
  EXPECT_EQ(IdOf("unitCosts/supervisor"), "supervisor");
  EXPECT_EQ(IdOf("supervisor"), "supervisor");
}

TEST(TextTest, ControlCharactersAreSpaces) { EXPECT_EQ(Escape(std::string("a\0b\x1b\n<", 6)), "a b \n&lt;"); }

TEST(SvgTest, TicksAreRoundAndCover) {
  for (const auto& [low, high] : std::vector<std::pair<double, double>>{
           {0, 100}, {4.87, 6.02}, {-0.2, 14.1}, {22, 22}, {1e-9, 3e-9}, {0, 0}, {-5e6, 3e7}}) {
    const Ticks ticks = RoundTicks(low, high, 5);
    ASSERT_GE(ticks.values.size(), 2u);
    EXPECT_LE(ticks.values.size(), 13u);
    EXPECT_LE(ticks.values.front(), low + 1e-12);
    EXPECT_GE(ticks.values.back(), high - 1e-12);
  }
  EXPECT_THAT(RoundTicks(0, 100, 5).values, ::testing::ElementsAre(0, 20, 40, 60, 80, 100));
  EXPECT_EQ(RoundTicks(0, 1, 5).decimals, 1);
}

TEST(SvgTest, ShortenKeepsWholeCharacters) {
  EXPECT_EQ(Shorten("short", 10), "short");
  EXPECT_EQ(Shorten("äöüäöü", 4), "äöü…");
}

}  // namespace
}  // namespace plumbline::gateway::report
