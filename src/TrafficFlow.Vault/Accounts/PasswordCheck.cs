using System.Globalization;
using TrafficFlow.Vault.Secrets;

namespace TrafficFlow.Vault.Accounts;

/// <summary>
/// Asks somebody who is logged in for the password again, before what must not be done with a stolen session. Failed tries wait ever longer, as at the log-in; one is looked at
/// at a time. Thread-safe.
/// </summary>
public sealed class PasswordCheck(AccountStore store)
{
    private readonly TryTable _tries = new(Backoff.OfAccounts);
    private readonly SemaphoreSlim _turn = new(1);

    /// <exception cref="AccountException">It is wrong, or too many tries failed.</exception>
    /// <exception cref="Files.VaultFileException">The accounts cannot be read.</exception>
    public Task CheckAsync(string name, string password) => FitAsync(name, password);

    /// <summary>Asks for the present password and sets another one; ends all sessions of the account.</summary>
    /// <exception cref="AccountException">It is wrong, too many tries failed, or the new one will not do.</exception>
    /// <exception cref="Files.VaultFileException">The accounts cannot be read or written.</exception>
    public async Task ChangeAsync(string name, string old, string password) => await store.ReplacePasswordAsync(name, await FitAsync(name, old).ConfigureAwait(false), password).ConfigureAwait(false);

    /// <returns>The hash that it fits.</returns>
    private async Task<string> FitAsync(string name, string password)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            var now = store.Time.GetUtcNow();
            if (_tries.Wait(name, now) is var wait && wait > TimeSpan.Zero)
                throw new AccountException(string.Create(CultureInfo.InvariantCulture, $"too many tries failed: wait {Math.Ceiling(wait.TotalSeconds):0} s; nothing was changed"));
            var kept = store.List().Get(name).Password;
            var shown = password.Length > 4 * PasswordRule.Longest ? "" : password;
            if (await store.Hashing.RunAsync(() => PasswordHash.Verify(kept, shown)).ConfigureAwait(false))
            {
                _tries.Clear(name);
                return kept!;
            }

            _tries.Add(name, now);
            throw new AccountException("the present password is wrong; nothing was changed");
        }
        finally
        {
            _turn.Release();
        }
    }
}
