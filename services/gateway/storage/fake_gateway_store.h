#ifndef PLUMBLINE_GATEWAY_STORAGE_FAKE_GATEWAY_STORE_H_
#define PLUMBLINE_GATEWAY_STORAGE_FAKE_GATEWAY_STORE_H_

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "common/testing/fake_unit_of_work.h"
#include "gateway/storage/gateway_store.h"

// For tests: the gateway's data in memory, held to the same contract as the SQL store.
namespace plumbline::gateway {

struct GatewayData {
  struct TrialData {
    Trial trial;
    std::map<std::string, Authority> authorities;
    std::map<std::string, Team> teams;
    std::map<std::string, Participant> participants;
    std::map<std::string, Session> sessions;
    std::map<std::string, StoredReport> reports;
  };
  std::map<std::string, TrialData> trials;
};

using FakeGatewayStore = testing::FakeUnitOfWork<GatewayReader, GatewayWriter, GatewayData>;

std::unique_ptr<GatewayReader> MakeFakeReader(const GatewayData& data);
std::unique_ptr<GatewayWriter> MakeFakeWriter(GatewayData& data);

}  // namespace plumbline::gateway

#endif  // PLUMBLINE_GATEWAY_STORAGE_FAKE_GATEWAY_STORE_H_
