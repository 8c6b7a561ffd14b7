// Writes whose outcome can be checked after any end: steps that count up, and what each of them
// must have left in the store.
#pragma once

#include <verso/store.hpp>

#include <atomic>
#include <cstdint>
#include <string>

namespace verso::soak {

/// What a worker says of its steps.
struct Ledger {
    std::atomic<std::uint64_t> begun = 0;
    std::atomic<std::uint64_t> acknowledged = 0;
};

/// Takes steps in a version of its own: one change each, of one resource or of several things that
/// belong together.
///
/// Lifetime: the store's
class Worker {
public:
    enum class Steps {
        simple,    ///< One resource.
        compound,  ///< Two resources, and now and then a new clone in place of the last one.
    };

    Worker(Store& store, ConnectionId connection, std::string version, Steps steps);

    [[nodiscard]] Result<void> try_step(std::uint64_t step);
    /// The same. Fails with Broken, with the error, unless it is done.
    void take(std::uint64_t step);
    /// The step that the version is at; 0: none yet.
    [[nodiscard]] std::uint64_t step(const Reader& reader) const;
    /// Fails with Broken unless the store holds all that was acknowledged, and of what was begun
    /// all or nothing.
    void check(const Reader& reader, std::uint64_t acknowledged, std::uint64_t begun) const;

private:
    [[nodiscard]] VersionKey version() const { return {connection_, name_}; }
    Result<void> change(Transaction& transaction, std::uint64_t step) const;

    Store& store_;
    ConnectionId connection_;
    std::string name_;
    std::string clone_;
    Steps steps_;
};

/// Fails with Broken, with the first of what is wrong, unless verify finds all well.
void check_sound(const Store& store);

}  // namespace verso::soak
