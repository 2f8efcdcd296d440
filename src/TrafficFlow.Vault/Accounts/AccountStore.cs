using System.Collections.Immutable;
using System.Security.Cryptography;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Secrets;

namespace TrafficFlow.Vault.Accounts;

/// <summary>
/// The accounts of a node, in the private file accounts.json of its data folder. Several processes may have it open: each change is made under a lock on what is in the
/// file at that moment, written as a whole, and seen by the others at their next look. A damaged file is told and never written over. Thread-safe.
/// </summary>
/// <remarks>Every member that reads or changes throws <see cref="VaultFileException"/> where the file cannot be used, and <see cref="AccountException"/> where what was asked cannot be.</remarks>
public sealed class AccountStore
{
    public const string FileName = "accounts.json";

    /// <summary>Encrypts the secrets of second factors; its name's ending keeps it out of backups.</summary>
    public const string KeyFileName = "accounts.key";

    private static readonly TimeSpan s_settled = TimeSpan.FromSeconds(2);

    private sealed record Seen(AccountList List, DateTime WrittenAt, long Length, bool IsSettled);

    private readonly string _file;
    private readonly string _keyFile;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _gate = new(1);
    private Seen? _seen;
    private object? _looked;
    private long _access;

    private AccountStore(string dataFolder, TimeProvider time)
    {
        (_file, _keyFile, _time) = (Path.Combine(dataFolder, FileName), Path.Combine(dataFolder, KeyFileName), time);
    }

    /// <summary>Opens it, with no account where there is no file yet.</summary>
    /// <exception cref="VaultFileException">The file is damaged, or others can read it.</exception>
    public static AccountStore Open(string dataFolder, TimeProvider time)
    {
        var store = new AccountStore(dataFolder, time);
        _ = store.List();
        return store;
    }

    /// <summary>Without a look at its file, for a node that must start whatever has happened to it: its members tell when they are used.</summary>
    public static AccountStore Over(string dataFolder, TimeProvider time) => new(dataFolder, time);

    internal TimeProvider Time => _time;

    /// <summary>What somebody may do was changed, by this process or, as <see cref="Look"/> finds, by another: what lasts longer than a request asks again. On any thread.</summary>
    public event Action? Changed;

    /// <summary>Of all who set or show a password here.</summary>
    internal HashingTurns Hashing { get; } = new();

    /// <summary>All accounts and tokens as they are now.</summary>
    public AccountList List()
    {
        var (at, length) = StampOfFile();
        if (_seen is { IsSettled: true } seen && seen.WrittenAt == at && seen.Length == length) return seen.List;
        var list = AccountFile.Read(_file);
        // Two changes in one tick of the file system's clock look alike: only what has been left alone for a while is believed unread.
        _seen = new Seen(list, at, length, _time.GetUtcNow().UtcDateTime - at > s_settled);
        return list;
    }

    /// <summary>Looks whether another process has changed the accounts; then <see cref="Changed"/> is raised. It may be asked each second.</summary>
    /// <exception cref="VaultFileException">The file cannot be read.</exception>
    public void Look()
    {
        var stamp = StampOfFile();
        if (Interlocked.Exchange(ref _looked, stamp) is not { } before || before.Equals(stamp)) return;
        Tell(List());
    }

    private void Tell(AccountList list)
    {
        var access = list.Access();
        // A log-in and a failed try change the file too, and nobody's rights.
        if (Interlocked.Exchange(ref _access, access) != access) Changed?.Invoke();
    }

    /// <summary>
    /// For the first start: a link for the first custodian, who chooses a name with it. Print it once; a later start makes another one and voids this. Null where there
    /// is an account.
    /// </summary>
    public Task<Invitation?> InviteFirstCustodianAsync() => List().Accounts.IsEmpty ? ChangeAsync(list => list.InviteFirst(Now)) : Task.FromResult<Invitation?>(null);

    /// <summary>An account without a password, and its one-time link.</summary>
    public Task<Invitation> CreateAsync(string name, IReadOnlyCollection<Role> roles, string by) => ChangeAsync(list => list.Create(name, roles, by, Now));

    /// <summary>A new one-time link, as for a forgotten password.</summary>
    /// <param name="dropsSecondFactor">For a lost authenticator: only the password is asked for until another is set up.</param>
    public Task<Invitation> InviteAsync(string name, bool dropsSecondFactor = false) =>
        ChangeAsync(list => (dropsSecondFactor && list.Get(name) is var account ? list.With(account, AccountList.Changed(account) with { SecondFactor = null }) : list).Invite(name, Now));

    /// <returns>Whom a link is for, empty for the first custodian, who must choose a name; null where it cannot be used.</returns>
    public string? InvitedBy(string text) => List().InvitedBy(text, Now);

    /// <summary>Sets the password with a link.</summary>
    /// <param name="name">Chosen by the first custodian; else null.</param>
    public async Task<Account> AcceptAsync(string text, string password, string? name = null)
    {
        // Whoever only guesses links gets no further than this, and holds up nobody.
        if (InvitedBy(text) is not { } invited) throw AccountList.NoInvitation();
        CheckPassword(password, invited.Length > 0 ? invited : name ?? "");
        var hash = await Hashing.RunAsync(() => PasswordHash.Create(password)).ConfigureAwait(false);
        return await ChangeAsync(list => list.Accept(text, hash, name, Now)).ConfigureAwait(false);
    }

    /// <summary>By its owner; ends all its sessions.</summary>
    public async Task ChangePasswordAsync(string name, string old, string password)
    {
        var account = List().Get(name);
        if (!await Hashing.RunAsync(() => PasswordHash.Verify(account.Password, old)).ConfigureAwait(false)) throw new AccountException("the present password is wrong; nothing was changed");
        await ReplacePasswordAsync(name, account.Password!, password).ConfigureAwait(false);
    }

    /// <param name="old">The hash that the present password was found to fit: another one was set meanwhile where it is no more there.</param>
    internal async Task ReplacePasswordAsync(string name, string old, string password)
    {
        CheckPassword(password, name);
        var hash = await Hashing.RunAsync(() => PasswordHash.Create(password)).ConfigureAwait(false);
        await ChangeAsync(list => list.Get(name).Password == old ? (list.SetPassword(name, hash), true) : throw new AccountException("the password was changed meanwhile; nothing was changed")).ConfigureAwait(false);
    }

    public Task SetRolesAsync(string name, IReadOnlyCollection<Role> roles) => ChangeAsync(list => (list.SetRoles(name, roles), true));

    /// <summary>Removes what ended before a time; nothing is written where nothing did.</summary>
    /// <param name="mayForget">Asked with what would go, as to record it first; false changes nothing.</param>
    public async Task<ForgottenAccounts> ForgetAsync(DateTimeOffset before, Func<ForgottenAccounts, Task<bool>> mayForget)
    {
        var due = List().Forget(before).Gone;
        return due.IsNone || !await mayForget(due).ConfigureAwait(false) ? ForgottenAccounts.None : await ChangeAsync(list => list.Forget(before)).ConfigureAwait(false);
    }

    /// <exception cref="AccountException">One of them is not good any more; nothing was changed.</exception>
    public Task RevokeTokensAsync(IReadOnlyCollection<string> names, string by) => ChangeAsync(list => (names.Aggregate(list, (l, name) => l.RevokeToken(name, by, Now)), true));

    public Task DisableAsync(string name, string by) => ChangeAsync(list => (list.Disable(name, by, Now), true));

    public Task EnableAsync(string name) => ChangeAsync(list => (list.Enable(name), true));

    /// <summary>Begins a second factor: it is asked for only once a code of it was shown.</summary>
    public async Task<SecondFactorBegun> BeginSecondFactorAsync(string name)
    {
        var factors = await FactorsAsync().ConfigureAwait(false);
        return await ChangeAsync(list =>
        {
            var account = list.Get(name);
            if (account.HasSecondFactor) throw new AccountException($"the account {name} has a second factor already: remove it first");
            var (kept, shown) = factors.Begin(name);
            return (list.With(account, account with { SecondFactor = kept }), shown);
        }).ConfigureAwait(false);
    }

    /// <returns>Ten codes for a lost device, each for once: shown once.</returns>
    public async Task<ImmutableArray<string>> ConfirmSecondFactorAsync(string name, string code)
    {
        var factors = await FactorsAsync().ConfigureAwait(false);
        return await ChangeAsync(list =>
        {
            var account = list.Get(name);
            if (account.SecondFactor is not { IsConfirmed: false } begun) throw new AccountException($"no second factor of {name} waits to be confirmed: begin it anew");
            if (factors.Take(name, begun, code, Now) is not { } taken) throw new AccountException("the code is wrong: is the clock of the authenticator right? Type the one that it shows now");
            var (kept, codes) = SecondFactors.MakeRecovery(taken);
            return (list.With(account, AccountList.Changed(account) with { SecondFactor = kept }), codes);
        }).ConfigureAwait(false);
    }

    public Task RemoveSecondFactorAsync(string name) => ChangeAsync(list =>
    {
        var account = list.Get(name);
        return account.SecondFactor is null
            ? throw new AccountException($"the account {name} has no second factor; nothing was changed")
            : (list.With(account, AccountList.Changed(account) with { SecondFactor = null }), true);
    });

    private DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>Reads the list, and writes what is made of it; one at a time among all processes.</summary>
    internal async Task<T> ChangeAsync<T>(Func<AccountList, (AccountList List, T Answer)> change)
    {
        T answer;
        AccountList changed;
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            using var held = await FileLock.TakeAsync($"{_file}.lock").ConfigureAwait(false);
            var list = AccountFile.Read(_file);
            (changed, answer) = change(list);
            if (!ReferenceEquals(changed, list)) PrivateFile.Replace(_file, AccountFile.Write(changed));
            _seen = null;
        }
        finally
        {
            _gate.Release();
        }

        // Behind the lock: who hears it reads the accounts.
        Tell(changed);
        return answer;
    }

    private (DateTime At, long Length) StampOfFile() => new FileInfo(_file) is { Exists: true } file ? (file.LastWriteTimeUtc, file.Length) : (default, -1);

    /// <summary>With the key in its file, which is made with the first second factor.</summary>
    internal async Task<SecondFactors> FactorsAsync()
    {
        if (PrivateFile.Read(_keyFile, SecondFactors.KeyBytes) is { } key) return Of(key);
        using var held = await FileLock.TakeAsync($"{_file}.lock").ConfigureAwait(false);
        if (PrivateFile.Read(_keyFile, SecondFactors.KeyBytes) is { } made) return Of(made);
        key = RandomNumberGenerator.GetBytes(SecondFactors.KeyBytes);
        PrivateFile.Replace(_keyFile, key);
        return Of(key);
    }

    private SecondFactors Of(byte[] key) => key.Length == SecondFactors.KeyBytes
        ? new SecondFactors(key)
        : throw new VaultFileException($"{_keyFile} is no key: put it back as it was; without it nobody with a second factor can log in but with a recovery code");

    private static void CheckPassword(string password, string name)
    {
        if (PasswordRule.Problem(password, name) is { } problem) throw new AccountException(problem);
    }
}
