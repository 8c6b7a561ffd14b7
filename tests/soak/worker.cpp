#include "soak/worker.hpp"

#include <verso/maintenance.hpp>

#include "soak/documents.hpp"
#include "soak/soak.hpp"

#include <string_view>
#include <utility>

namespace verso::soak {

namespace {

constexpr std::uint64_t steps_per_clone = 8;

/// The step that a parameter holds; 0: it is not there.
std::uint64_t step_of(const Reader& reader, const VersionKey& version, std::string_view name) {
    const auto found = reader.find_resource(version, Kind::parameter, name).value();
    if (!found) return 0;
    const std::string& text = found->document.text();
    const std::string_view label = R"("description":")";
    return std::stoull(text.substr(text.find(label) + label.size()));
}

}  // namespace

Worker::Worker(Store& store, ConnectionId connection, std::string version, Steps steps)
    : store_(store),
      connection_(connection),
      name_(std::move(version)),
      clone_(name_ + " clone"),
      steps_(steps) {}

Result<void> Worker::try_step(std::uint64_t step) {
    if (steps_ == Steps::compound)
        return store_.write([&](Transaction& transaction) { return change(transaction, step); });
    const auto put =
        store_.put(version(), Kind::parameter, parameter("step", std::to_string(step)));
    if (!put) return put.error();
    return {};
}

void Worker::take(std::uint64_t step) {
    const auto taken = try_step(step);
    expect(taken.has_value(), taken ? "" : "a step failed: " + taken.error().message);
}

std::uint64_t Worker::step(const Reader& reader) const {
    return step_of(reader, version(), "step");
}

void Worker::check(const Reader& reader, std::uint64_t acknowledged, std::uint64_t begun) const {
    const std::uint64_t step = this->step(reader);
    const std::string found = "version " + name_ + " is at step " + std::to_string(step);
    expect(step >= acknowledged,
           found + ", behind what was acknowledged: " + std::to_string(acknowledged));
    expect(step <= begun, found + ", before that was begun: " + std::to_string(begun));
    if (steps_ == Steps::simple) return;
    const std::uint64_t twin = step_of(reader, version(), "twin");
    expect(twin == step, found + ", its twin at " + std::to_string(twin));
    const bool has_clone = reader.find_version({connection_, clone_}).value().has_value();
    expect(has_clone == (step >= steps_per_clone), found + ", and its clone is not as it was");
    if (!has_clone) return;
    const std::uint64_t cloned = step_of(reader, {connection_, clone_}, "step");
    expect(cloned == step - step % steps_per_clone,
           found + ", its clone at " + std::to_string(cloned));
}

Result<void> Worker::change(Transaction& transaction, std::uint64_t step) const {
    const auto edited = transaction.edit(version(), [&](Draft& draft) -> Result<void> {
        draft.put(Kind::parameter, parameter("step", std::to_string(step))).value();
        draft.put(Kind::parameter, parameter("twin", std::to_string(step))).value();
        return {};
    });
    if (!edited) return edited.error();
    if (step % steps_per_clone != 0) return {};
    if (transaction.find_version({connection_, clone_}).value())
        transaction.delete_version({connection_, clone_}).value();
    transaction.create_version(connection_, {.name = clone_, .from_version = name_}).value();
    return {};
}

void check_sound(const Store& store) {
    const auto report = verify(store);
    expect(report.has_value(), report ? "" : "it cannot be verified: " + report.error().message);
    if (!report->is_clean())
        throw Broken(report->findings.front().where + ": " + report->findings.front().message);
}

}  // namespace verso::soak
