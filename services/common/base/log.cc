#include "common/base/log.h"

#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/utf8.h"
#include "spdlog/pattern_formatter.h"
#include "spdlog/sinks/stdout_sinks.h"
#include "spdlog/spdlog.h"

namespace plumbline::log {
namespace {

spdlog::logger& Logger() {
  static const std::shared_ptr<spdlog::logger>* const logger = [] {
    auto* made = new std::shared_ptr<spdlog::logger>(
        std::make_shared<spdlog::logger>("plumbline", std::make_shared<spdlog::sinks::stderr_sink_mt>()));
    (*made)->set_formatter(std::make_unique<spdlog::pattern_formatter>(
        "{\"time\":\"%Y-%m-%dT%H:%M:%S.%eZ\",\"level\":\"%l\",%v}", spdlog::pattern_time_type::utc));
    return made;
  }();
  return **logger;
}

void Write(spdlog::level::level_enum level, std::string_view event, std::initializer_list<Field> fields) {
  if (!Logger().should_log(level)) return;
  std::string line = absl::StrCat("\"event\":", JsonQuote(event));
  for (const Field& field : fields) {
    absl::StrAppend(&line, ",", JsonQuote(field.key), ":", field.quoted ? JsonQuote(field.value) : field.value);
  }
  Logger().log(level, "{}", line);
}

}  // namespace

std::string JsonQuote(std::string_view text) {
  std::string out = "\"";
  for (size_t i = 0; i < text.size();) {
    const char c = text[i];
    const size_t size = Utf8Length(text, i);
    if (size == 0) {
      out += "\xEF\xBF\xBD";
      ++i;
    } else if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
      ++i;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      absl::StrAppendFormat(&out, "\\u%04x", static_cast<unsigned>(c));
      ++i;
    } else {
      out.append(text.substr(i, size));
      i += size;
    }
  }
  return out + "\"";
}

void Debug(std::string_view event, std::initializer_list<Field> fields) { Write(spdlog::level::debug, event, fields); }
void Info(std::string_view event, std::initializer_list<Field> fields) { Write(spdlog::level::info, event, fields); }
void Warning(std::string_view event, std::initializer_list<Field> fields) { Write(spdlog::level::warn, event, fields); }
void Error(std::string_view event, std::initializer_list<Field> fields) { Write(spdlog::level::err, event, fields); }
void SetLevel(std::string_view level) {
  const std::string name(level);
  Logger().set_level(name == "debug"     ? spdlog::level::debug
                     : name == "warning" ? spdlog::level::warn
                     : name == "error"   ? spdlog::level::err
                     : name == "off"     ? spdlog::level::off
                                         : spdlog::level::info);
}

}  // namespace plumbline::log
