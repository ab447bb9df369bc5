#include "common/testing/redis_fake_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace plumbline::testing {
namespace {

// Reads what the peer sends, as lines and as counted bytes. nullopt at its end.
class Reader {
 public:
  explicit Reader(int fd) : fd_(fd) {}
  std::optional<std::string> Line() {
    size_t end = 0;
    while ((end = buffer_.find("\r\n")) == std::string::npos) {
      if (!Fill()) return std::nullopt;
    }
    std::string line = buffer_.substr(0, end);
    buffer_.erase(0, end + 2);
    return line;
  }
  std::optional<std::string> Bytes(size_t count) {
    while (buffer_.size() < count + 2) {
      if (!Fill()) return std::nullopt;
    }
    std::string bytes = buffer_.substr(0, count);
    buffer_.erase(0, count + 2);
    return bytes;
  }

 private:
  bool Fill() {
    char part[4096];
    const ssize_t got = recv(fd_, part, sizeof(part), 0);
    if (got <= 0) return false;
    buffer_.append(part, static_cast<size_t>(got));
    return true;
  }
  const int fd_;
  std::string buffer_;
};

// The number after `mark`, or nullopt.
std::optional<size_t> Count(const std::optional<std::string>& line, char mark) {
  size_t count = 0;
  if (!line.has_value() || line->empty() || line->front() != mark) return std::nullopt;
  if (!absl::SimpleAtoi(line->substr(1), &count)) return std::nullopt;
  return count;
}

std::optional<std::vector<std::string>> ReadCommand(Reader& reader) {
  const std::optional<size_t> words = Count(reader.Line(), '*');
  if (!words.has_value()) return std::nullopt;
  std::vector<std::string> command;
  for (size_t i = 0; i < *words; ++i) {
    const std::optional<size_t> size = Count(reader.Line(), '$');
    if (!size.has_value()) return std::nullopt;
    std::optional<std::string> word = reader.Bytes(*size);
    if (!word.has_value()) return std::nullopt;
    command.push_back(*std::move(word));
  }
  return command;
}

}  // namespace

absl::StatusOr<std::unique_ptr<RedisFakeServer>> RedisFakeServer::Start(Answer answer) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener < 0) return absl::InternalError(absl::StrCat("socket: ", strerror(errno)));
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* const raw = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener, raw, size) != 0 || listen(listener, 64) != 0 || getsockname(listener, raw, &size) != 0) {
    const absl::Status status = absl::InternalError(absl::StrCat("listen: ", strerror(errno)));
    close(listener);
    return status;
  }
  return std::unique_ptr<RedisFakeServer>(new RedisFakeServer(listener, ntohs(address.sin_port), std::move(answer)));
}

RedisFakeServer::RedisFakeServer(int listener, int port, Answer answer)
    : listener_(listener), port_(port), answer_(std::move(answer)), acceptor_([this] { Accept(); }) {}

RedisFakeServer::~RedisFakeServer() {
  std::vector<std::thread> threads;
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    for (const int connection : connections_) shutdown(connection, SHUT_RDWR);
    threads.swap(threads_);
  }
  shutdown(listener_, SHUT_RDWR);  // wakes accept
  acceptor_.join();
  for (std::thread& thread : threads) thread.join();
  close(listener_);
}

std::string RedisFakeServer::address() const { return absl::StrCat("127.0.0.1:", port_); }

void RedisFakeServer::Accept() {
  for (;;) {
    const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    absl::MutexLock lock(&mutex_);
    if (stopping_ || connection < 0) {
      if (connection >= 0) close(connection);
      return;
    }
    connections_.push_back(connection);
    threads_.emplace_back([this, connection] { Serve(connection); });
  }
}

void RedisFakeServer::Serve(int connection) {
  Reader reader(connection);
  for (;;) {
    const std::optional<std::vector<std::string>> command = ReadCommand(reader);
    if (!command.has_value()) break;
    const std::string answer = answer_(*command);
    if (answer.empty() || send(connection, answer.data(), answer.size(), MSG_NOSIGNAL) < 0) break;
  }
  absl::MutexLock lock(&mutex_);
  std::erase(connections_, connection);
  close(connection);
}

std::string RedisFakeServer::Text(const std::string& text) {
  return absl::StrCat("$", text.size(), "\r\n", text, "\r\n");
}

std::string RedisFakeServer::Array(const std::vector<std::string>& encoded) {
  std::string answer = absl::StrCat("*", encoded.size(), "\r\n");
  for (const std::string& element : encoded) answer += element;
  return answer;
}

std::string RedisFakeServer::Error(const std::string& text) { return absl::StrCat("-", text, "\r\n"); }
std::string RedisFakeServer::Integer(int64_t value) { return absl::StrCat(":", value, "\r\n"); }
std::string RedisFakeServer::Nil() { return "$-1\r\n"; }

}  // namespace plumbline::testing
