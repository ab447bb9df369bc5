#ifndef PLUMBLINE_CLI_DESCRIBE_H_
#define PLUMBLINE_CLI_DESCRIBE_H_

#include <set>
#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"

// What the messages and enums of the contracts hold, as one writes them in JSON.
namespace plumbline::cli {

// The type of a field: "string", "repeated Turn", "map<string, int32>", "bytes (base64)".
std::string TypeName(const google::protobuf::FieldDescriptor& field);

// "{studyId: string, sessions: repeated string}".
std::string FieldsInLine(const google::protobuf::Descriptor& type);

// Descriptions of types, one after the other. Each type is described once, at the first place that needs it.
class TypeDescriber {
 public:
  // The types that the fields of `message` have, and those of their fields in turn; not `message` itself.
  std::string FieldTypesOf(const google::protobuf::Descriptor& message);
  // The type, then the types of its fields.
  std::string Describe(const google::protobuf::Descriptor& message);
  std::string Describe(const google::protobuf::EnumDescriptor& type);

 private:
  std::set<std::string> described_;  // full names
};

// Messages and enums of every contract with this name, whole ("plumbline.coding.v1.SampleRule") or its last part
// ("samplerule"), in any case.
struct NamedTypes {
  std::vector<const google::protobuf::Descriptor*> messages;
  std::vector<const google::protobuf::EnumDescriptor*> enums;
  bool empty() const { return messages.empty() && enums.empty(); }
};
NamedTypes FindTypes(const std::string& name);

}  // namespace plumbline::cli

#endif  // PLUMBLINE_CLI_DESCRIBE_H_
