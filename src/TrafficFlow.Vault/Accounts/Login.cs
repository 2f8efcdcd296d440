using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Secrets;

namespace TrafficFlow.Vault.Accounts;

/// <param name="Code">Of an authenticator or for a lost one; null while none was asked for.</param>
/// <param name="Device">The text of the device's cookie, which an earlier log-in gave; null for a new device.</param>
public sealed record LogInRequest(string Name, string Password, string? Code, string? Device, IPAddress From)
{
    /// <summary>False where there is nothing that could keep the device's text, such as at a terminal.</summary>
    public bool RemembersDevice { get; init; } = true;
}

public enum LogInRefusal
{
    /// <summary>Name, password or code: which, is not told.</summary>
    Wrong,

    /// <summary>The password is right, and a code is needed: ask for it and try again with both.</summary>
    CodeNeeded,

    /// <summary>Too many tries failed: not looked at.</summary>
    Wait,

    /// <summary>Too many log in at this moment: not looked at.</summary>
    Busy,

    /// <summary>The accounts cannot be read: the log and the message say why.</summary>
    Unavailable,
}

/// <summary>Either a session or why not.</summary>
/// <param name="Session">Null where it was refused.</param>
/// <param name="Device">New text for the device's cookie; null where it was refused or the device is known already.</param>
/// <param name="RetryAfter">Zero where there is no wait.</param>
/// <param name="Message">For whoever tries.</param>
public sealed record LogInResult(SessionStarted? Session, string? Device, LogInRefusal? Refusal, TimeSpan RetryAfter, string Message);

/// <summary>
/// Checks names, passwords and codes. Whoever fails waits ever longer, by account and by address; a device from which the account has logged in before is counted by itself, so
/// that nobody is kept out by the tries of others. Names that do not exist take as long and wait as long as those that do. Thread-safe.
/// </summary>
public sealed class Login(AccountStore store, Sessions sessions)
{
    private const int MostDevices = 8;

    private static readonly TimeSpan s_deviceIsKnownFor = TimeSpan.FromDays(90);

    private readonly TimeProvider _time = store.Time;
    private readonly TryTable _accounts = new(Backoff.OfAccounts);
    private readonly TryTable _addresses = new(Backoff.OfAddresses);
    private readonly Lock _storing = new();
    private Task _stored = Task.CompletedTask;

    /// <summary>Takes about as long for a wrong name as for a wrong password.</summary>
    public async Task<LogInResult> TryAsync(LogInRequest request)
    {
        try
        {
            return await CheckAsync(request).ConfigureAwait(false);
        }
        catch (VaultFileException e)
        {
            return Refuse(LogInRefusal.Unavailable, e.Message);
        }
        catch (CryptographicException)
        {
            return Refuse(LogInRefusal.Unavailable, $"the key of second factors is not the one of this account: put back {AccountStore.KeyFileName}, or log in with a recovery code");
        }
    }

    /// <summary>Ends when all failed tries so far are in the file, for a stop.</summary>
    public Task FlushAsync()
    {
        lock (_storing) return _stored;
    }

    private async Task<LogInResult> CheckAsync(LogInRequest request)
    {
        var now = _time.GetUtcNow();
        var account = request.Name.Length <= Core.Sites.NameRule.MaxLength ? store.List().Find(request.Name) : null;
        var device = DeviceOf(account, request.Device, now);
        var (ofAccount, ofAddress) = (device is null ? $"account:{Shortened(request.Name)}" : $"device:{device.Hash}", FailedTries.NetworkOf(request.From).ToString());
        var stored = device is null ? account?.Failures ?? default : default;
        var wait = _accounts.Wait(ofAccount, now, stored);
        if (device is null && _addresses.Wait(ofAddress, now) is var others && others > wait) wait = others;
        if (wait > TimeSpan.Zero) return Waits(wait);
        bool? isRight = null;
        var password = request.Password.Length > 4 * PasswordRule.Longest ? "" : request.Password;
        var isLookedAt = await store.Hashing.TryRunAsync(() =>
        {
            // Again: many tries at once must not all be looked at before the first has failed.
            if (_accounts.Wait(ofAccount, now, stored) == TimeSpan.Zero) isRight = PasswordHash.Verify(account is { IsDisabled: false } ? account.Password : null, password);
        }).ConfigureAwait(false);
        if (!isLookedAt) return Refuse(LogInRefusal.Busy, HashingTurns.Busy);
        if (isRight is null) return Waits(_accounts.Wait(ofAccount, now, stored));
        if (isRight is false) return Fail();
        if (account!.HasSecondFactor && string.IsNullOrEmpty(request.Code)) return Refuse(LogInRefusal.CodeNeeded, "type the code that the authenticator shows now, or one of the codes for a lost one");
        var factors = account.HasSecondFactor ? await store.FactorsAsync().ConfigureAwait(false) : null;
        var rehashed = PasswordHash.IsOld(account.Password!) ? PasswordHash.Create(request.Password) : null;
        var newDevice = device is null && request.RemembersDevice ? SecretText.Create(SecretText.OfDevice) : null;
        // Under the lock, so that a code that comes twice at once counts once.
        var entered = await store.ChangeAsync<Account?>(list =>
        {
            if (list.Find(account.Name) is not { CanLogIn: true } current || current.Password != account.Password) return (list, null);
            var factor = current.SecondFactor;
            if (current.HasSecondFactor)
            {
                if (factors is null || factors.Take(current.Name, factor!, request.Code ?? "", now) is not { } taken) return (list, null);
                factor = taken;
            }

            var changed = current with
            {
                Password = rehashed ?? current.Password,
                SecondFactor = factor,
                Failures = default,
                LastLogInAt = now,
                Devices = newDevice is null ? current.Devices : Remember(current.Devices, newDevice, now),
            };
            return (list.With(current, changed), changed);
        }).ConfigureAwait(false);
        if (entered is null) return Fail();
        _accounts.Clear(ofAccount);
        return new LogInResult(sessions.Start(entered), newDevice, null, TimeSpan.Zero, "");

        LogInResult Fail()
        {
            var tries = _accounts.Add(ofAccount, now, stored);
            _addresses.Add(ofAddress, now);
            if (account is not null && device is null) Store(account.Name, tries);
            var next = _accounts.Wait(ofAccount, now, tries);
            return new LogInResult(null, null, LogInRefusal.Wrong, next, next > TimeSpan.Zero ? $"name, password or code is wrong; the next try is looked at in {Told(next)}" : "name, password or code is wrong");
        }
    }

    /// <summary>Behind the answer, which would else tell by its time that the name exists.</summary>
    private void Store(string name, Tries tries)
    {
        lock (_storing) _stored = StoreAsync(_stored);

        async Task StoreAsync(Task before)
        {
            await before.ConfigureAwait(false);
            try
            {
                await store.ChangeAsync(list => list.Find(name) is { } account ? (list.With(account, account with { Failures = tries }), true) : (list, false)).ConfigureAwait(false);
            }
            catch (VaultFileException)
            {
                // They are counted in memory all the same, and the log-in itself tells of the file.
            }
        }
    }

    private static ImmutableArray<KnownDevice> Remember(ImmutableArray<KnownDevice> devices, string text, DateTimeOffset now) =>
        [.. devices.Where(d => now < d.Until).TakeLast(MostDevices - 1), new KnownDevice(SecretText.Hash(text), now + s_deviceIsKnownFor)];

    private static KnownDevice? DeviceOf(Account? account, string? text, DateTimeOffset now)
    {
        if (account is null || !SecretText.Is(SecretText.OfDevice, text)) return null;
        var hash = SecretText.Hash(text!);
        return account.Devices.FirstOrDefault(d => SecretText.Equal(d.Hash, hash) && now < d.Until);
    }

    private static string Shortened(string name) => name.Length <= Core.Sites.NameRule.MaxLength ? name : SecretText.Hash(name);

    private static LogInResult Waits(TimeSpan wait) => new(null, null, LogInRefusal.Wait, wait, $"too many tries failed: wait {Told(wait)}");

    private static LogInResult Refuse(LogInRefusal why, string message) => new(null, null, why, TimeSpan.Zero, message);

    private static string Told(TimeSpan wait) => wait.TotalSeconds < 90 ? $"{Math.Ceiling(wait.TotalSeconds):0} s" : wait.TotalMinutes < 90 ? $"{Math.Ceiling(wait.TotalMinutes):0} minutes" : $"{Math.Ceiling(wait.TotalHours):0} hours";
}
