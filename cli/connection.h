#ifndef PLUMBLINE_CLI_CONNECTION_H_
#define PLUMBLINE_CLI_CONNECTION_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "grpcpp/channel.h"
#include "standalone/standalone.h"

namespace plumbline::cli {

struct Target {
  std::string address = "127.0.0.1:7000";  // of a gateway
  bool embedded = false;                   // host the services inside this process instead
  std::string folder;                      // with embedded: where the data is kept; empty: a temporary folder
};

// A way to a gateway: over the network, or the services inside this process. Closing it stops embedded services and
// removes a temporary folder.
class Connection {
 public:
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const Target& target);
  ~Connection();
  std::shared_ptr<grpc::Channel> channel() const { return channel_; }

 private:
  Connection() = default;
  std::string temporary_folder_;
  std::unique_ptr<standalone::Standalone> embedded_;
  std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace plumbline::cli

#endif  // PLUMBLINE_CLI_CONNECTION_H_
