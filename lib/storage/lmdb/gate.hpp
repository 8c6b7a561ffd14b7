// Where LMDB transactions begin and end. The gate knows how many are live, so that the environment
// is opened anew, or its map replaced, only while there are none; it keeps the handles of ended
// readers, each with its slot, because taking a slot locks the table of readers. Thread safety:
// safe.
#pragma once

#include "storage/lmdb/environment.hpp"

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace verso::storage::lmdb {

/// A transaction that began, and the environment that it began in.
struct Begun {
    Environment* environment = nullptr;
    MDB_txn* transaction = nullptr;
};

class Gate {
public:
    /// Opens the store. `options.path` is where the file really lies: no link leads to it.
    explicit Gate(const LmdbOptions& options);
    ~Gate();
    Gate(const Gate&) = delete;
    Gate& operator=(const Gate&) = delete;

    [[nodiscard]] Begun begin_read();
    void end_read(MDB_txn* transaction) noexcept;

    [[nodiscard]] Begun begin_write();
    /// Before a commit that is to last: FileClaim::check_in_place().
    void check_in_place() const;
    void commit_write(MDB_txn* transaction);
    void abort_write(MDB_txn* transaction) noexcept;

    [[nodiscard]] const LmdbOptions& options() const noexcept { return options_; }
    [[nodiscard]] const ForkGuard& guard() const noexcept { return guard_; }

private:
    enum class Mode { read, write };

    /// Counts the transaction in; answers the environment, and a handle to renew if there is one.
    [[nodiscard]] Begun enter(Mode mode);
    void leave() noexcept;
    [[nodiscard]] Begun begin(Mode mode);
    /// Does what helps against `code`, after which beginning is worth another try; fails if nothing
    /// does.
    void recover(int code);
    void drop_environment() noexcept;

    LmdbOptions options_;
    FileClaim claim_;
    ForkGuard guard_;
    std::mutex mutex_;
    std::unique_ptr<Environment> environment_;  // none after it could not be opened anew
    std::vector<MDB_txn*> idle_readers_;
    std::size_t live_ = 0;
    unsigned writes_ = 0;
    std::atomic<std::thread::id> writer_;  // of this process
};

/// A read transaction that ends on every way out. Thread safety: bound.
class HeldState {
public:
    explicit HeldState(Gate& gate) : gate_(gate), begun_(gate.begin_read()) {}
    ~HeldState() { gate_.end_read(begun_.transaction); }
    HeldState(const HeldState&) = delete;
    HeldState& operator=(const HeldState&) = delete;

    [[nodiscard]] const Environment& environment() const noexcept { return *begun_.environment; }
    [[nodiscard]] MDB_txn* transaction() const noexcept { return begun_.transaction; }

private:
    Gate& gate_;
    Begun begun_;
};

}  // namespace verso::storage::lmdb
