#include "storage/lmdb/gate.hpp"

#include "domain/failure.hpp"
#include "storage/lmdb/errors.hpp"
#include "storage/lmdb/file_check.hpp"

namespace verso::storage::lmdb {

namespace {

/// More handles than this are not kept: their slots are wanted by other processes too.
constexpr std::size_t most_idle_readers = 32;

/// How many writes pass before the readers are looked through for dead ones, which hold back the
/// reuse of pages. A power of two.
constexpr unsigned writes_between_checks = 1024;

}  // namespace

Gate::Gate(const LmdbOptions& options) : options_(options), claim_(options.path) {
    check_header(claim_.descriptor(), options.path);
    idle_readers_.reserve(most_idle_readers);
    environment_ = std::make_unique<Environment>(options_, options_.path, claim_);
}

Gate::~Gate() {
    if (guard_.is_forked()) {
        // The environment is the parent's: closing it here would end the parent's readers.
        static_cast<void>(environment_.release());
        return;
    }
    // A commit that still waits for the next one to take its header to the disk does not wait for
    // ever.
    if (environment_ && options_.durability == Durability::relaxed)
        mdb_env_sync(environment_->handle(), 1);
    drop_environment();
}

void Gate::drop_environment() noexcept {
    for (MDB_txn* reader : idle_readers_) mdb_txn_abort(reader);
    idle_readers_.clear();
    environment_.reset();
}

Begun Gate::enter(Mode mode) {
    const std::lock_guard lock(mutex_);
    if (!environment_)
        environment_ = std::make_unique<Environment>(options_, options_.path, claim_);
    Begun begun{environment_.get(), nullptr};
    if (mode == Mode::read && !idle_readers_.empty()) {
        begun.transaction = idle_readers_.back();
        idle_readers_.pop_back();
    }
    if (mode == Mode::write && (++writes_ & (writes_between_checks - 1)) == 0)
        environment_->clear_dead_readers();
    ++live_;
    return begun;
}

void Gate::leave() noexcept {
    const std::lock_guard lock(mutex_);
    --live_;
}

Begun Gate::begin(Mode mode) {
    guard_.check();
    for (bool again = false;; again = true) {
        Begun begun = enter(mode);
        int code = 0;
        if (begun.transaction != nullptr) {
            code = mdb_txn_renew(begun.transaction);
            if (code != 0) mdb_txn_abort(begun.transaction);
        } else {
            code = mdb_txn_begin(begun.environment->handle(), nullptr,
                                 mode == Mode::read ? MDB_RDONLY : 0, &begun.transaction);
        }
        if (code == 0) return begun;
        if (again) {
            leave();
            fail_lmdb(code, "begin a transaction in", options_.path);
        }
        recover(code);
    }
}

void Gate::recover(int code) {
    const std::lock_guard lock(mutex_);
    --live_;
    if (code == MDB_READERS_FULL) return environment_->clear_dead_readers();
    const bool replaceable = code == MDB_PANIC || code == MDB_MAP_RESIZED;
    if (!replaceable || live_ > 0) fail_lmdb(code, "begin a transaction in", options_.path);
    if (code == MDB_PANIC) return drop_environment();  // the next transaction opens it
    try {
        environment_->adopt_larger_map();
    } catch (...) {
        drop_environment();
        throw;
    }
}

Begun Gate::begin_read() { return begin(Mode::read); }

Begun Gate::begin_write() {
    guard_.check();
    if (writer_.load(std::memory_order_relaxed) == std::this_thread::get_id())
        fail(Errc::nested_write,
             "this thread is writing to the store " + options_.path.string() +
                 " already, and would wait for itself; use the transaction it has");
    const Begun begun = begin(Mode::write);
    writer_.store(std::this_thread::get_id(), std::memory_order_relaxed);
    return begun;
}

void Gate::end_read(MDB_txn* transaction) noexcept {
    if (guard_.is_forked()) return;
    mdb_txn_reset(transaction);
    const std::lock_guard lock(mutex_);
    --live_;
    if (idle_readers_.size() < most_idle_readers)
        idle_readers_.push_back(transaction);
    else
        mdb_txn_abort(transaction);
}

void Gate::check_in_place() const {
    if (options_.durability != Durability::none) claim_.check_in_place();
}

void Gate::commit_write(MDB_txn* transaction) {
    writer_.store({}, std::memory_order_relaxed);
    const int code = mdb_txn_commit(transaction);
    leave();
    if (code != 0) fail_lmdb(code, "commit to", options_.path);
}

void Gate::abort_write(MDB_txn* transaction) noexcept {
    if (guard_.is_forked()) return;
    writer_.store({}, std::memory_order_relaxed);
    mdb_txn_abort(transaction);
    leave();
}

}  // namespace verso::storage::lmdb
