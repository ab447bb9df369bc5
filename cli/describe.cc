#include "cli/describe.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/rpc_call.h"
#include "google/protobuf/descriptor.pb.h"

namespace plumbline::cli {
namespace {

namespace pb = google::protobuf;

// Types of Protobuf's own have a form of their own in JSON; what they hold inside helps nobody.
std::string WellKnownForm(const std::string& full_name) {
  if (full_name == "google.protobuf.Timestamp") return "Timestamp (\"2026-01-31T17:00:00Z\")";
  if (full_name == "google.protobuf.Duration") return "Duration (\"90s\")";
  if (full_name == "google.protobuf.FieldMask") return "FieldMask (\"title,deadline\")";
  return "";
}

bool IsOurs(const pb::FileDescriptor& file) { return absl::StartsWith(file.package(), "plumbline."); }

// With what it is nested in, without its package: "CompareGroupsRequest.Group".
template <typename Type>
std::string ShortName(const Type& type) {
  const std::string& package = type.file()->package();
  return package.empty() ? type.full_name() : type.full_name().substr(package.size() + 1);
}

std::string SingularName(const pb::FieldDescriptor& field) {
  if (field.enum_type() != nullptr) return ShortName(*field.enum_type());
  if (field.message_type() != nullptr) {
    const std::string form = WellKnownForm(field.message_type()->full_name());
    return form.empty() ? ShortName(*field.message_type()) : form;
  }
  if (field.type() == pb::FieldDescriptor::TYPE_BYTES) return "bytes (base64)";
  return field.type_name();
}

template <typename Type>
bool HasName(const Type& type, const std::string& wanted) {
  return wanted == absl::AsciiStrToLower(type.name()) || wanted == absl::AsciiStrToLower(ShortName(type)) ||
         wanted == absl::AsciiStrToLower(type.full_name());
}

void AddEnum(const pb::EnumDescriptor& type, const std::string& wanted, NamedTypes& found) {
  if (HasName(type, wanted)) found.enums.push_back(&type);
}

void AddMessage(const pb::Descriptor& type, const std::string& wanted, NamedTypes& found) {
  if (type.options().map_entry()) return;
  if (HasName(type, wanted)) found.messages.push_back(&type);
  for (int i = 0; i < type.nested_type_count(); ++i) AddMessage(*type.nested_type(i), wanted, found);
  for (int i = 0; i < type.enum_type_count(); ++i) AddEnum(*type.enum_type(i), wanted, found);
}

// A file and those it needs, each once.
void AddFile(const pb::FileDescriptor& file, const std::string& wanted, std::set<std::string>& seen,
             NamedTypes& found) {
  if (!IsOurs(file) || !seen.insert(file.name()).second) return;
  for (int i = 0; i < file.message_type_count(); ++i) AddMessage(*file.message_type(i), wanted, found);
  for (int i = 0; i < file.enum_type_count(); ++i) AddEnum(*file.enum_type(i), wanted, found);
  for (int i = 0; i < file.dependency_count(); ++i) AddFile(*file.dependency(i), wanted, seen, found);
}

}  // namespace

std::string TypeName(const pb::FieldDescriptor& field) {
  if (field.is_map()) {
    const pb::Descriptor& entry = *field.message_type();
    return absl::StrCat("map<", SingularName(*entry.map_key()), ", ", SingularName(*entry.map_value()), ">");
  }
  const std::string name = SingularName(field);
  return field.is_repeated() ? absl::StrCat("repeated ", name) : name;
}

std::string FieldsInLine(const pb::Descriptor& type) {
  std::vector<std::string> fields;
  fields.reserve(static_cast<size_t>(type.field_count()));
  for (int i = 0; i < type.field_count(); ++i) {
    fields.push_back(absl::StrCat(type.field(i)->json_name(), ": ", TypeName(*type.field(i))));
  }
  return absl::StrCat("{", absl::StrJoin(fields, ", "), "}");
}

std::string TypeDescriber::FieldTypesOf(const pb::Descriptor& message) {
  std::string out;
  for (int i = 0; i < message.field_count(); ++i) {
    const pb::FieldDescriptor* field = message.field(i);
    if (field->is_map()) field = field->message_type()->map_value();
    if (field->enum_type() != nullptr) out += Describe(*field->enum_type());
    if (field->message_type() != nullptr && IsOurs(*field->message_type()->file())) {
      out += Describe(*field->message_type());
    }
  }
  return out;
}

std::string TypeDescriber::Describe(const pb::Descriptor& message) {
  if (!described_.insert(message.full_name()).second) return "";
  std::string out = absl::StrCat("  ", ShortName(message), "\n");
  for (int i = 0; i < message.field_count(); ++i) {
    const pb::FieldDescriptor& field = *message.field(i);
    const pb::OneofDescriptor* const group = field.real_containing_oneof();
    absl::StrAppend(&out, "      ", field.json_name(), ": ", TypeName(field),
                    group == nullptr ? "" : absl::StrCat("  (one of ", group->name(), ")"), "\n");
  }
  if (message.field_count() == 0) out += "      no fields\n";
  return out + FieldTypesOf(message);
}

std::string TypeDescriber::Describe(const pb::EnumDescriptor& type) {
  if (!described_.insert(type.full_name()).second) return "";
  std::string out = absl::StrCat("  ", ShortName(type), ", one of\n");
  for (int i = 0; i < type.value_count(); ++i) absl::StrAppend(&out, "      \"", type.value(i)->name(), "\"\n");
  return out;
}

NamedTypes FindTypes(const std::string& name) {
  NamedTypes found;
  std::set<std::string> seen;
  for (const pb::MethodDescriptor* method : AllMethods()) {
    AddFile(*method->service()->file(), absl::AsciiStrToLower(name), seen, found);
  }
  return found;
}

}  // namespace plumbline::cli
