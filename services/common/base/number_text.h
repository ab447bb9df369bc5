#ifndef PLUMBLINE_COMMON_BASE_NUMBER_TEXT_H_
#define PLUMBLINE_COMMON_BASE_NUMBER_TEXT_H_

#include <charconv>
#include <string>

namespace plumbline {

// The shortest text that reads back as the same number: "10.000001", "1e-300", "nan". For error messages: a rounded
// text could show a refused value as one that would pass. Thread-safe.
inline std::string NumberText(double value) {
  char digits[32];  // the longest is "-2.2250738585072014e-308"
  return std::string(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

}  // namespace plumbline

#endif  // PLUMBLINE_COMMON_BASE_NUMBER_TEXT_H_
