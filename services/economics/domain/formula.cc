#include "economics/domain/formula.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "economics/domain/formula_functions.h"

namespace plumbline::economics {
namespace {

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsNameCharacter(char c) { return IsLetter(c) || IsDigit(c); }

absl::Status FormulaError(std::string_view reason, size_t column, const std::string& rule) {
  const std::string where = "column " + std::to_string(column);
  ErrorDetail detail;
  detail.reason = std::string(reason);
  detail.metadata["column"] = std::to_string(column);
  detail.violations.push_back({"formula " + where, rule});
  return MakeError(absl::StatusCode::kInvalidArgument, "formula " + where + ": " + rule, std::move(detail));
}

}  // namespace

// Recursive descent straight to a stack program; nesting is limited, so hostile text cannot exhaust the stack.
class FormulaParser {
 public:
  FormulaParser(std::string_view text, const Formula::Tables& tables) : text_(text), tables_(tables) {}

  absl::StatusOr<Formula> Run() {
    if (text_.size() > Formula::kMaxBytes) {
      return Error(Formula::kMaxBytes, "is longer than " + std::to_string(Formula::kMaxBytes) + " bytes");
    }
    RETURN_IF_ERROR(Expression(0));
    SkipSpace();
    if (at_ != text_.size()) return Error(at_, "unexpected " + Shown());
    formula_.text_ = std::string(text_);
    return std::move(formula_);
  }

 private:
  using Op = Formula::Op;

  absl::Status Error(size_t offset, const std::string& rule) {
    return FormulaError("INVALID_FORMULA", offset + 1, rule);
  }

  std::string Shown() const {
    if (at_ >= text_.size()) return "end of formula";
    const char c = text_[at_];
    if (c < ' ' || c > '~') return "byte " + std::to_string(static_cast<unsigned char>(c));
    return std::string("character '") + c + "'";
  }

  void SkipSpace() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n')) ++at_;
  }

  // The next character that is no space, without taking it; NUL at the end.
  char Peek() {
    SkipSpace();
    return at_ < text_.size() ? text_[at_] : '\0';
  }

  absl::Status Emit(Formula::Instruction instruction, int stack_change) {
    if (formula_.program_.size() >= Formula::kMaxOperations) {
      return Error(at_, "has more than " + std::to_string(Formula::kMaxOperations) + " operations");
    }
    stack_ += stack_change;
    if (stack_ > static_cast<int>(Formula::kMaxStack)) return Error(at_, "holds too many values at once");
    formula_.program_.push_back(instruction);
    return absl::OkStatus();
  }

  absl::Status EmitBinary(Op op, size_t offset) {
    return Emit({.op = op, .column = static_cast<uint32_t>(offset + 1)}, -1);
  }

  absl::Status Expression(size_t depth) {
    if (depth > Formula::kMaxNesting) {
      return Error(at_, "is nested deeper than " + std::to_string(Formula::kMaxNesting));
    }
    RETURN_IF_ERROR(Term(depth));
    for (char c = Peek(); c == '+' || c == '-'; c = Peek()) {
      const size_t offset = at_++;
      RETURN_IF_ERROR(Term(depth));
      RETURN_IF_ERROR(EmitBinary(c == '+' ? Op::kAdd : Op::kSubtract, offset));
    }
    return absl::OkStatus();
  }

  absl::Status Term(size_t depth) {
    RETURN_IF_ERROR(Unary(depth));
    for (char c = Peek(); c == '*' || c == '/'; c = Peek()) {
      const size_t offset = at_++;
      RETURN_IF_ERROR(Unary(depth));
      RETURN_IF_ERROR(EmitBinary(c == '*' ? Op::kMultiply : Op::kDivide, offset));
    }
    return absl::OkStatus();
  }

  absl::Status Unary(size_t depth) {
    if (depth > Formula::kMaxNesting) {
      return Error(at_, "is nested deeper than " + std::to_string(Formula::kMaxNesting));
    }
    if (Peek() == '-') {
      const size_t offset = at_++;
      RETURN_IF_ERROR(Unary(depth + 1));
      return Emit({.op = Op::kNegate, .column = static_cast<uint32_t>(offset + 1)}, 0);
    }
    RETURN_IF_ERROR(Atom(depth));
    if (Peek() == '^') {
      const size_t offset = at_++;
      RETURN_IF_ERROR(Unary(depth + 1));
      return EmitBinary(Op::kPower, offset);
    }
    return absl::OkStatus();
  }

  absl::Status Atom(size_t depth) {
    const char c = Peek();
    if (c == '(') {
      ++at_;
      RETURN_IF_ERROR(Expression(depth + 1));
      return Expect(')');
    }
    if (IsDigit(c)) return Number();
    if (IsLetter(c)) return NameOrCall(depth);
    return Error(at_, "expected a number, a name or '(', found " + Shown());
  }

  absl::Status Expect(char wanted) {
    if (Peek() != wanted) return Error(at_, std::string("expected '") + wanted + "', found " + Shown());
    ++at_;
    return absl::OkStatus();
  }

  absl::Status Number() {
    const size_t start = at_;
    const auto digits = [this] {
      const size_t from = at_;
      while (at_ < text_.size() && IsDigit(text_[at_])) ++at_;
      return at_ > from;
    };
    digits();
    if (at_ < text_.size() && text_[at_] == '.') {
      ++at_;
      if (!digits()) return Error(at_, "expected a digit after the decimal point");
    }
    if (at_ < text_.size() && text_[at_] == 'e') {
      ++at_;
      if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-')) ++at_;
      if (!digits()) return Error(at_, "expected a digit in the exponent");
    }
    double value = 0;
    const auto result = std::from_chars(text_.data() + start, text_.data() + at_, value);
    if (result.ec != std::errc() || !std::isfinite(value)) return Error(start, "the number is out of range");
    return Emit({.op = Op::kNumber, .column = static_cast<uint32_t>(start + 1), .number = value}, 1);
  }

  absl::Status NameOrCall(size_t depth) {
    const size_t start = at_;
    while (at_ < text_.size() && IsNameCharacter(text_[at_])) ++at_;
    const std::string_view name = text_.substr(start, at_ - start);
    const std::optional<uint8_t> function = FindFormulaFunction(name);
    if (Peek() == '(') {
      if (!function) return Error(start, "unknown function '" + std::string(name.substr(0, 64)) + "'");
      return Call(*function, start, depth);
    }
    if (function) return Error(start, "function '" + std::string(name) + "' needs '('");
    if (name.size() > Formula::kMaxNameBytes) {
      return Error(start, "a name is longer than " + std::to_string(Formula::kMaxNameBytes) + " characters");
    }
    const auto index = static_cast<uint32_t>(IndexOf(formula_.inputs_, name));
    return Emit({.op = Op::kInput, .column = static_cast<uint32_t>(start + 1), .input = index}, 1);
  }

  static size_t IndexOf(std::vector<std::string>& names, std::string_view name) {
    const auto found = std::find(names.begin(), names.end(), name);
    const auto index = static_cast<size_t>(found - names.begin());
    if (found == names.end()) names.emplace_back(name);
    return index;
  }

  // The table that stands alone in the parentheses ahead, or nullptr; takes it and the closing parenthesis.
  const std::vector<TableRow>* TakeTable() {
    if (!tables_) return nullptr;
    Peek();
    size_t end = at_;
    while (end < text_.size() && IsNameCharacter(text_[end])) ++end;
    const std::string_view name = text_.substr(at_, end - at_);
    while (end < text_.size() && text_[end] == ' ') ++end;
    if (name.empty() || end >= text_.size() || text_[end] != ')') return nullptr;
    const std::vector<TableRow>* rows = tables_(name);
    if (rows == nullptr) return nullptr;
    at_ = end + 1;
    IndexOf(formula_.tables_, name);
    return rows;
  }

  absl::Status TableCall(uint8_t function, size_t start, const std::vector<TableRow>& rows) {
    if (rows.empty() || rows.size() > Formula::kMaxTableRows) {
      return Error(start, "a table must have 1 to " + std::to_string(Formula::kMaxTableRows) + " rows");
    }
    const auto column = static_cast<uint32_t>(start + 1);
    for (const TableRow& row : rows) {
      RETURN_IF_ERROR(Emit({.op = Op::kNumber, .column = column, .number = row.value}, 1));
      RETURN_IF_ERROR(Emit({.op = Op::kNumber, .column = column, .number = row.count}, 1));
    }
    const int arguments = 2 * static_cast<int>(rows.size());
    return Emit(
        {.op = Op::kCall, .function = function, .arguments = static_cast<uint16_t>(arguments), .column = column},
        1 - arguments);
  }

  absl::Status Call(uint8_t function, size_t start, size_t depth) {
    const FormulaFunction& f = FormulaFunctions()[function];
    ++at_;  // '('
    if (f.pairs) {
      if (const std::vector<TableRow>* rows = TakeTable()) return TableCall(function, start, *rows);
    }
    size_t arguments = 0;
    if (Peek() != ')') {
      while (true) {
        RETURN_IF_ERROR(Expression(depth + 1));
        ++arguments;
        if (Peek() != ',') break;
        ++at_;
      }
    }
    RETURN_IF_ERROR(Expect(')'));
    if (arguments < f.min_arguments || arguments > f.max_arguments || (f.pairs && arguments % 2 != 0)) {
      std::string rule = std::string(f.name) + " takes ";
      if (f.pairs) {
        rule += "a table or pairs of value and count as";
      } else if (f.min_arguments == f.max_arguments) {
        rule += std::to_string(f.min_arguments);
      } else {
        rule += std::to_string(f.min_arguments) + " to " + std::to_string(f.max_arguments);
      }
      return Error(start, rule + " arguments, not " + std::to_string(arguments));
    }
    return Emit({.op = Op::kCall,
                 .function = function,
                 .arguments = static_cast<uint16_t>(arguments),
                 .column = static_cast<uint32_t>(start + 1)},
                1 - static_cast<int>(arguments));
  }

  std::string_view text_;
  const Formula::Tables& tables_;
  size_t at_ = 0;
  int stack_ = 0;
  Formula formula_;
};

absl::StatusOr<Formula> Formula::Parse(std::string_view text, const Tables& tables) {
  return FormulaParser(text, tables).Run();
}

bool Formula::IsValidName(std::string_view name) {
  return !name.empty() && name.size() <= kMaxNameBytes && IsLetter(name[0]) &&
         std::all_of(name.begin(), name.end(), IsNameCharacter) && !FindFormulaFunction(name);
}

absl::StatusOr<double> Formula::Evaluate(std::span<const double> values) const {
  std::array<double, kMaxStack + 1> stack;
  size_t top = 0;  // number of values on the stack
  for (const Instruction& i : program_) {
    const char* why = nullptr;
    switch (i.op) {
      case Op::kNumber:
        stack[top++] = i.number;
        break;
      case Op::kInput:
        stack[top++] = values[i.input];
        break;
      case Op::kNegate:
        stack[top - 1] = -stack[top - 1];
        break;
      case Op::kAdd:
        --top;
        stack[top - 1] += stack[top];
        break;
      case Op::kSubtract:
        --top;
        stack[top - 1] -= stack[top];
        break;
      case Op::kMultiply:
        --top;
        stack[top - 1] *= stack[top];
        break;
      case Op::kDivide:
        --top;
        if (stack[top] == 0) {
          why = "division by zero";
        } else {
          stack[top - 1] /= stack[top];
        }
        break;
      case Op::kPower:
        --top;
        if (stack[top - 1] == 0 && stack[top] < 0) why = "division by zero";
        stack[top - 1] = std::pow(stack[top - 1], stack[top]);
        break;
      case Op::kCall: {
        top -= i.arguments;
        double result = 0;
        why = FormulaFunctions()[i.function].call({stack.data() + top, i.arguments}, result);
        stack[top++] = result;
        break;
      }
    }
    if (why == nullptr && !std::isfinite(stack[top - 1])) why = "the result is no finite number";
    if (why != nullptr) return FormulaError("FORMULA_UNDEFINED", i.column, why);
  }
  return stack[0];
}

}  // namespace plumbline::economics
