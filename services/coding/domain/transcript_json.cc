#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "coding/domain/transcript_cues.h"
#include "coding/domain/transcript_encoding.h"
#include "coding/domain/transcript_text.h"
#include "common/base/json_reader.h"
#include "common/base/status_macros.h"

// What speech recognisers write: a list of segments with text and, where known, speaker and times. The list is the
// whole text, or the first field named as in kLists at the top or inside kWrappers; everything else is read over. Times
// are seconds as numbers, seconds or [hh:]mm:ss.fff as strings; fields that end in "_ms" are milliseconds.
namespace plumbline::coding {
namespace {

constexpr std::string_view kLists[] = {"segments",   "utterances", "turns",         "transcription",
                                       "transcript", "monologues", "speaker_turns", "chunks",
                                       "entries",    "captions",   "cues"};
constexpr std::string_view kWrappers[] = {"results", "result", "data", "response"};
constexpr std::string_view kText[] = {"text", "transcript", "utterance", "content", "value"};
constexpr std::string_view kSpeaker[] = {"speaker",      "speaker_label", "speaker_name", "speakerName",
                                         "speakerLabel", "speaker_id",    "speakerId"};
constexpr std::string_view kStart[] = {"start", "start_time", "startTime", "begin", "from", "ts"};
constexpr std::string_view kEnd[] = {"end", "end_time", "endTime", "to", "end_ts"};
constexpr int64_t kMaxSeconds = 1'000'000'000;  // far past every limit, and far from overflow in milliseconds

template <size_t N>
bool OneOf(const std::string& name, const std::string_view (&names)[N]) {
  for (const std::string_view known : names) {
    if (name == known) return true;
  }
  return false;
}

class JsonTranscriptReader {
 public:
  JsonTranscriptReader(std::string_view text, const TranscriptOptions& options, ImportLog& log)
      : options_(options),
        log_(log),
        reader_(text, {.max_depth = 32, .max_string_bytes = options.limits.max_line_bytes}),
        cues_(options, log),
        order_(options.limits, log) {}

  absl::Status Run() {
    ASSIGN_OR_RETURN(const JsonToken first, reader_.Next());
    if (first == JsonToken::kBeginArray) {
      RETURN_IF_ERROR(List());
    } else if (first == JsonToken::kBeginObject) {
      RETURN_IF_ERROR(Wrapper(1));
    } else {
      log_.Error(reader_.line(), "", "must be an object or a list of segments");
    }
    RETURN_IF_ERROR(reader_.Next().status());  // nothing may follow
    if (!found_) log_.ErrorAt(kWholeTranscript, "", "must have a list of segments, such as \"segments\"");
    return absl::OkStatus();
  }
  std::vector<Cue>& cues() { return cues_.cues(); }

 private:
  static constexpr int kMaxWrappers = 3;

  // An open object that may hold the list.
  absl::Status Wrapper(int depth) {
    while (true) {
      ASSIGN_OR_RETURN(const JsonToken token, reader_.Next());
      if (token == JsonToken::kEndObject) return absl::OkStatus();
      const std::string name = reader_.text();
      ASSIGN_OR_RETURN(const JsonToken value, reader_.Next());
      if (value == JsonToken::kBeginArray && OneOf(name, kLists) && !found_) {
        RETURN_IF_ERROR(List());
      } else if (value == JsonToken::kBeginObject && OneOf(name, kWrappers) && depth < kMaxWrappers) {
        RETURN_IF_ERROR(Wrapper(depth + 1));
      } else {
        RETURN_IF_ERROR(reader_.SkipRest(value));
      }
    }
  }

  absl::Status List() {
    found_ = true;
    size_t count = 0;
    while (true) {
      ASSIGN_OR_RETURN(const JsonToken token, reader_.Next());
      if (token == JsonToken::kEndArray) return absl::OkStatus();
      if (++count > options_.limits.max_turns) {
        return InvalidField(LinePlace(reader_.line()), absl::StrCat(count, " segments"),
                            absl::StrCat("may have at most ", options_.limits.max_turns, " segments"));
      }
      if (token != JsonToken::kBeginObject) {
        log_.Error(reader_.line(), "", "a segment must be an object");
        RETURN_IF_ERROR(reader_.SkipRest(token));
        continue;
      }
      RETURN_IF_ERROR(Segment());
    }
  }

  struct Fields {
    Cue cue;
    std::optional<std::string> text;
    bool good = true;
  };

  absl::Status Segment() {
    Fields fields;
    fields.cue.line = reader_.line();
    while (true) {
      ASSIGN_OR_RETURN(const JsonToken token, reader_.Next());
      if (token == JsonToken::kEndObject) break;
      const std::string name = reader_.text();
      ASSIGN_OR_RETURN(const JsonToken value, reader_.Next());
      RETURN_IF_ERROR(Field(name, value, fields));
    }
    Cue& cue = fields.cue;
    for (const std::string& text : {cue.speaker, fields.text.value_or("")}) {
      if (FindControlCharacter(text) == std::string::npos) continue;
      log_.Error(cue.line, "a control character", "must be text without control characters");
      return absl::OkStatus();
    }
    if (!fields.text) {
      log_.Error(cue.line, "", "a segment must have a text");
      return absl::OkStatus();
    }
    text_bytes_ += fields.text->size();
    if (text_bytes_ > options_.limits.max_bytes) {
      return InvalidField(LinePlace(cue.line), absl::StrCat("more than ", options_.limits.max_bytes, " bytes"),
                          absl::StrCat("what is said may have at most ", options_.limits.max_bytes, " bytes"));
    }
    fields.good = CheckLabel(cue.speaker, cue.line, options_.limits, log_) && fields.good;
    if (!fields.good || !order_.Check(cue.line, cue.start_ms, cue.end_ms)) return absl::OkStatus();
    const size_t before = cues_.cues().size();
    cues_.Add({*fields.text}, cue);
    for (size_t i = before; i < cues_.cues().size(); ++i) {
      if (cues_.cues()[i].speaker.empty()) cues_.cues()[i].speaker = cue.speaker;
    }
    return absl::OkStatus();
  }

  absl::Status Field(const std::string& name, JsonToken value, Fields& fields) {
    Cue& cue = fields.cue;
    if (OneOf(name, kText) && value == JsonToken::kString) {
      if (!fields.text) fields.text = reader_.text();
    } else if (OneOf(name, kSpeaker)) {
      return Speaker(value, cue.speaker);
    } else if (OneOf(name, kStart)) {
      return Time(value, 1000, cue.start_ms, fields.good);
    } else if (OneOf(name, kEnd)) {
      return Time(value, 1000, cue.end_ms, fields.good);
    } else if (name == "start_ms" || name == "startMs") {
      return Time(value, 1, cue.start_ms, fields.good);
    } else if (name == "end_ms" || name == "endMs") {
      return Time(value, 1, cue.end_ms, fields.good);
    } else if (name == "timestamps" && value == JsonToken::kBeginObject) {
      return Nested(fields);
    } else if (name == "timestamp" && value == JsonToken::kBeginArray) {
      return TimePair(fields);
    } else if (name == "elements" && value == JsonToken::kBeginArray) {
      return Elements(fields);
    } else {
      return reader_.SkipRest(value);
    }
    return absl::OkStatus();
  }

  // A name, a number ("Speaker 1"), an object that has a name, or null.
  absl::Status Speaker(JsonToken value, std::string& speaker) {
    if (value == JsonToken::kString) {
      speaker = CollapseSpace(reader_.text());
    } else if (value == JsonToken::kNumber) {
      speaker = absl::StrCat("Speaker ", reader_.text());
    } else if (value == JsonToken::kBeginObject) {
      while (true) {
        ASSIGN_OR_RETURN(const JsonToken token, reader_.Next());
        if (token == JsonToken::kEndObject) return absl::OkStatus();
        const bool named = reader_.text() == "name" || reader_.text() == "label";
        ASSIGN_OR_RETURN(const JsonToken inner, reader_.Next());
        if (named && inner == JsonToken::kString) speaker = CollapseSpace(reader_.text());
        RETURN_IF_ERROR(reader_.SkipRest(inner));
      }
    } else {
      return reader_.SkipRest(value);
    }
    return absl::OkStatus();
  }

  absl::Status Time(JsonToken value, double unit, std::optional<int64_t>& time, bool& good) {
    if (value == JsonToken::kNull) return absl::OkStatus();
    double number = -1;
    if (value == JsonToken::kString) {
      std::string text = reader_.text();
      if (!text.empty() && text.back() == 's') text.pop_back();  // "12.5s"
      if (const auto parsed = ParseTimestamp(text, true)) {
        time = *parsed;
        return absl::OkStatus();
      }
      if (!absl::SimpleAtod(text, &number)) number = -1;
    } else if (value == JsonToken::kNumber && !absl::SimpleAtod(reader_.text(), &number)) {
      number = -1;
    }
    if (number >= 0 && number <= static_cast<double>(kMaxSeconds)) {
      time = std::llround(number * unit);
      return absl::OkStatus();
    }
    good = false;
    log_.Error(reader_.line(), value == JsonToken::kNumber ? reader_.text() : "",
               "a time must be seconds as a number, or [hh:]mm:ss.fff as a string");
    return reader_.SkipRest(value);
  }

  // {"from": "00:00:01,000", "to": "00:00:02,500"}
  absl::Status Nested(Fields& fields) {
    while (true) {
      ASSIGN_OR_RETURN(const JsonToken token, reader_.Next());
      if (token == JsonToken::kEndObject) return absl::OkStatus();
      const std::string name = reader_.text();
      ASSIGN_OR_RETURN(const JsonToken value, reader_.Next());
      if (OneOf(name, kStart)) {
        RETURN_IF_ERROR(Time(value, 1000, fields.cue.start_ms, fields.good));
      } else if (OneOf(name, kEnd)) {
        RETURN_IF_ERROR(Time(value, 1000, fields.cue.end_ms, fields.good));
      } else {
        RETURN_IF_ERROR(reader_.SkipRest(value));
      }
    }
  }

  // [1.0, 2.5]
  absl::Status TimePair(Fields& fields) {
    for (int i = 0;; ++i) {
      ASSIGN_OR_RETURN(const JsonToken value, reader_.Next());
      if (value == JsonToken::kEndArray) return absl::OkStatus();
      if (i > 1) {
        RETURN_IF_ERROR(reader_.SkipRest(value));
      } else {
        RETURN_IF_ERROR(Time(value, 1000, i == 0 ? fields.cue.start_ms : fields.cue.end_ms, fields.good));
      }
    }
  }

  // Words and marks one by one: [{"type": "text", "value": "How", "ts": 0.5, "end_ts": 0.7}, ...]
  absl::Status Elements(Fields& fields) {
    if (!fields.text) fields.text.emplace();
    while (true) {
      ASSIGN_OR_RETURN(const JsonToken token, reader_.Next());
      if (token == JsonToken::kEndArray) return absl::OkStatus();
      if (token != JsonToken::kBeginObject) {
        RETURN_IF_ERROR(reader_.SkipRest(token));
        continue;
      }
      while (true) {
        ASSIGN_OR_RETURN(const JsonToken inner, reader_.Next());
        if (inner == JsonToken::kEndObject) break;
        const std::string name = reader_.text();
        ASSIGN_OR_RETURN(const JsonToken value, reader_.Next());
        if (OneOf(name, kText) && value == JsonToken::kString) {
          *fields.text += reader_.text();
          if (fields.text->size() > options_.limits.max_bytes) {
            return InvalidField(LinePlace(reader_.line()), absl::StrCat(fields.text->size(), " bytes"),
                                absl::StrCat("what is said may have at most ", options_.limits.max_bytes, " bytes"));
          }
        } else if (OneOf(name, kStart) && !fields.cue.start_ms) {
          RETURN_IF_ERROR(Time(value, 1000, fields.cue.start_ms, fields.good));
        } else if (OneOf(name, kEnd)) {
          RETURN_IF_ERROR(Time(value, 1000, fields.cue.end_ms, fields.good));
        } else {
          RETURN_IF_ERROR(reader_.SkipRest(value));
        }
      }
    }
  }

  const TranscriptOptions& options_;
  ImportLog& log_;
  JsonReader reader_;
  CueReader cues_;
  TimeOrder order_;
  size_t text_bytes_ = 0;
  bool found_ = false;
};

}  // namespace

void ParseTranscriptJson(std::string_view text, const TranscriptOptions& options, Transcript& transcript,
                         ImportLog& log) {
  JsonTranscriptReader reader(text, options, log);
  if (const absl::Status status = reader.Run(); !status.ok()) return log.Add(status);
  BuildTurns(std::move(reader.cues()), options, transcript);
}

}  // namespace plumbline::coding
