using System.Collections.Immutable;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Files;

namespace TrafficFlow.Web.Access;

/// <summary>
/// Changes accounts and tokens for callers, each of whom was found out from the session of this very request: nothing here is called from a circuit, which may outlive its session.
/// Every change is in the node's audit with who made it, and so is one that was refused.
/// </summary>
/// <remarks>Every change throws <see cref="AccountException"/> where it cannot be, with the reason for whoever asked, and <see cref="VaultFileException"/> where the accounts cannot be used.</remarks>
public sealed class AccountDesk(AccountStore store, ApiTokens tokens, Func<AuditEvent, Task> record)
{
    /// <summary>No token is good for longer.</summary>
    public static readonly TimeSpan LongestToken = TimeSpan.FromDays(366);

    private readonly PasswordCheck _passwords = new(store);

    /// <summary>All as they are now; for reading alone.</summary>
    /// <exception cref="VaultFileException">The accounts cannot be read.</exception>
    public AccountList List() => store.List();

    public Task<Invitation> AddAsync(Caller by, string name, IReadOnlyCollection<Role> roles) =>
        ChangeAsync(by, "account add", name, Words(roles), () => store.CreateAsync(name, roles, By(by)), needs: Role.Custodian);

    /// <param name="dropsSecondFactor">For a lost authenticator.</param>
    public Task<Invitation> InviteAsync(Caller by, string name, bool dropsSecondFactor) =>
        ChangeAsync(by, "account invite", name, dropsSecondFactor ? "without second factor" : null, () => store.InviteAsync(name, dropsSecondFactor), needs: Role.Custodian);

    public Task SetRolesAsync(Caller by, string name, IReadOnlyCollection<Role> roles) =>
        ChangeAsync(by, "account roles", name, Words(roles), () => store.SetRolesAsync(name, roles), Role.Custodian);

    public Task DisableAsync(Caller by, string name) => ChangeAsync(by, "account disable", name, null, () => store.DisableAsync(name, By(by)), Role.Custodian);

    public Task EnableAsync(Caller by, string name) => ChangeAsync(by, "account enable", name, null, () => store.EnableAsync(name), Role.Custodian);

    /// <summary>The caller's own; all sessions of the account end.</summary>
    public Task ChangePasswordAsync(Caller by, string old, string password) => ChangeAsync(by, "account password", by.Name, null, () => _passwords.ChangeAsync(by.Name, old, password));

    /// <summary>The caller's own: it is asked for once a code of it was shown.</summary>
    public Task<SecondFactorBegun> BeginSecondFactorAsync(Caller by, string password) => ChangeAsync(by, "account second factor begin", by.Name, null, async () =>
    {
        await _passwords.CheckAsync(by.Name, password);
        return await store.BeginSecondFactorAsync(by.Name);
    });

    /// <returns>Codes for a lost device, shown once; all sessions of the account end.</returns>
    public Task<ImmutableArray<string>> ConfirmSecondFactorAsync(Caller by, string code) => ChangeAsync(by, "account second factor", by.Name, null, () => store.ConfirmSecondFactorAsync(by.Name, code));

    public Task RemoveSecondFactorAsync(Caller by, string password) => ChangeAsync(by, "account second factor remove", by.Name, null, async () =>
    {
        await _passwords.CheckAsync(by.Name, password);
        await store.RemoveSecondFactorAsync(by.Name);
    });

    /// <summary>Of the caller's own account; a custodian makes them for others too.</summary>
    /// <returns>The token's text, which is shown this once.</returns>
    public Task<string> CreateTokenAsync(Caller by, string name, string account, IReadOnlyCollection<string> sites, IReadOnlyCollection<string> uses, IReadOnlyCollection<Role> roles, TimeSpan goodFor) =>
        ChangeAsync(by, "account token create", name, $"of {account}, {string.Join('+', uses)} of {string.Join(", ", sites)}, {goodFor.TotalDays:0} days", () =>
        {
            if (goodFor <= TimeSpan.Zero || goodFor > LongestToken) throw new AccountException($"a token is good for 1 to {LongestToken.TotalDays:0} days");
            return tokens.CreateAsync(name, account, ApiScope.Parse(sites, uses), roles, goodFor, By(by));
        }, account == by.Name ? null : Role.Custodian);

    public Task RevokeTokenAsync(Caller by, string name) => ChangeAsync(
        by, "account token revoke", name, null, () => tokens.RevokeAsync(name, By(by)), store.List().Tokens.Any(t => t.Name == name && t.Account == by.Name) ? null : Role.Custodian);

    private Task ChangeAsync(Caller by, string action, string target, string? details, Func<Task> change, Role? needs = null) => ChangeAsync(by, action, target, details, async () =>
    {
        await change();
        return true;
    }, needs);

    private async Task<T> ChangeAsync<T>(Caller by, string action, string target, string? details, Func<Task<T>> change, Role? needs = null)
    {
        var e = CallerAudit.Of(by, AuditKind.Change, action, target, details);
        try
        {
            // The table of routes says so too; here it holds for whoever calls.
            if (by.IsProgram || (needs is { } role && !by.Has(role))) throw new AccountException("this is for custodians alone; nothing was changed");
            var answer = await change();
            await record(e);
            return answer;
        }
        catch (Exception refused) when (refused is AccountException or VaultFileException)
        {
            await record(e with { Outcome = $"refused: {refused.Message}" });
            throw;
        }
    }

    private static string By(Caller caller) => CallerAudit.Of(caller, AuditKind.Change, "", "").Account;

    private static string Words(IEnumerable<Role> roles) => string.Join(", ", roles.Select(RoleNames.Of));
}
