#ifndef PLUMBLINE_COMMON_TESTING_REDIS_FAKE_SERVER_H_
#define PLUMBLINE_COMMON_TESTING_REDIS_FAKE_SERVER_H_

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"

namespace plumbline::testing {

// Speaks enough of the Redis protocol on a loopback port to give any answer that a real server gives rarely: sentinels
// that disagree, nodes that send a client round in circles. Knows no test framework. Thread-safe.
class RedisFakeServer {
 public:
  // Called with each command by the thread of its connection; returns the bytes to answer with, "" to hang up.
  using Answer = std::function<std::string(const std::vector<std::string>& command)>;
  static absl::StatusOr<std::unique_ptr<RedisFakeServer>> Start(Answer answer);
  ~RedisFakeServer();
  RedisFakeServer(const RedisFakeServer&) = delete;
  RedisFakeServer& operator=(const RedisFakeServer&) = delete;

  int port() const { return port_; }
  std::string address() const;  // "127.0.0.1:port"

  // Answers in the protocol.
  static std::string Text(const std::string& text);                   // bulk string
  static std::string Array(const std::vector<std::string>& encoded);  // of answers
  static std::string Error(const std::string& text);                  // "MOVED 1 host:port"
  static std::string Integer(int64_t value);
  static std::string Nil();

 private:
  RedisFakeServer(int listener, int port, Answer answer);
  void Accept();
  void Serve(int connection);

  const int listener_;
  const int port_;
  const Answer answer_;
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<int> connections_ ABSL_GUARDED_BY(mutex_);  // open ones
  std::vector<std::thread> threads_ ABSL_GUARDED_BY(mutex_);
  std::thread acceptor_;
};

}  // namespace plumbline::testing

#endif  // PLUMBLINE_COMMON_TESTING_REDIS_FAKE_SERVER_H_
