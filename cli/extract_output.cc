#include "cli/extract_output.h"

#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace plumbline::cli {
namespace {

// `text` is UTF-8: the parsers refuse anything else.
void AppendJsonString(std::string_view text, std::string& out) {
  out += '"';
  size_t done = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, done, i - done);
    if (c >= 0x20) {
      out += '\\';
      out += static_cast<char>(c);
    } else {
      absl::StrAppendFormat(&out, "\\u%04x", c);
    }
    done = i + 1;
  }
  out.append(text, done, std::string_view::npos);
  out += '"';
}

void AppendQuestion(const coding::Question& question, std::string& out) {
  out += "{\"text\":";
  AppendJsonString(question.text, out);
  absl::StrAppend(&out, ",\"kind\":\"", coding::ToString(question.kind),
                  "\",\"confidence\":", absl::StrFormat("%.2f", question.confidence), ",\"rule\":");
  AppendJsonString(question.rule, out);
  absl::StrAppend(&out, ",\"start\":", question.begin, ",\"end\":", question.end, "}");
}

}  // namespace

void AppendTurnsAsJson(const SessionTranscript& session, std::span<const coding::Question> questions,
                       std::string& out) {
  size_t next = 0;
  for (const coding::Turn& turn : session.transcript.turns) {
    out += "{\"session\":";
    AppendJsonString(session.session, out);
    absl::StrAppend(&out, ",\"turn\":", turn.number, ",\"speaker\":");
    AppendJsonString(turn.speaker, out);
    absl::StrAppend(&out, ",\"role\":\"", coding::ToString(turn.role), "\",\"text\":");
    AppendJsonString(turn.text, out);
    out += ",\"questions\":[";
    for (bool first = true; next < questions.size() && questions[next].turn == turn.number; ++next, first = false) {
      if (!first) out += ',';
      AppendQuestion(questions[next], out);
    }
    out += "]}\n";
  }
}

void AppendQuestionsForPeople(const SessionTranscript& session, std::span<const coding::Question> questions,
                              std::string& out) {
  absl::StrAppend(&out, session.session, ": ", questions.size(), questions.size() == 1 ? " question" : " questions",
                  " in ", session.transcript.turns.size(), " turns\n");
  for (const coding::Question& question : questions) {
    const std::string& speaker = session.transcript.turns[static_cast<size_t>(question.turn) - 1].speaker;
    absl::StrAppendFormat(&out, "  turn %-5d %-12s %.2f  %s%s%s  (%s)\n", question.turn,
                          coding::ToString(question.kind), question.confidence, speaker, speaker.empty() ? "" : ": ",
                          question.text, question.rule);
  }
}

}  // namespace plumbline::cli
