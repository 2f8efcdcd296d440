using System.Collections.Immutable;
using TrafficFlow.Vault.Secrets;

namespace TrafficFlow.Vault.Accounts;

/// <param name="Principal">Null where the token lets nobody in.</param>
/// <param name="WhyNot">For the audit and the log; whoever shows the token hears no more than that it is none.</param>
public sealed record ApiTokenCheck(AccountPrincipal? Principal, string WhyNot);

/// <summary>Tokens of programs, kept with the accounts as hashes; of a prefix (tft_) by which a lost one is known.</summary>
public sealed class ApiTokens(AccountStore store)
{
    /// <returns>The token's text, which is shown this once.</returns>
    /// <inheritdoc cref="AccountList.CreateToken"/>
    public Task<string> CreateAsync(string name, string account, ApiScope scope, IReadOnlyCollection<Role> roles, DateTimeOffset until, string by) =>
        store.ChangeAsync(list => list.CreateToken(name, account, scope, roles, until, by, store.Time.GetUtcNow()));

    /// <param name="goodFor">From now on.</param>
    /// <inheritdoc cref="CreateAsync(string, string, ApiScope, IReadOnlyCollection{Role}, DateTimeOffset, string)"/>
    public Task<string> CreateAsync(string name, string account, ApiScope scope, IReadOnlyCollection<Role> roles, TimeSpan goodFor, string by) =>
        CreateAsync(name, account, scope, roles, store.Time.GetUtcNow() + goodFor, by);

    public Task RevokeAsync(string name, string by) => store.ChangeAsync(list => (list.RevokeToken(name, by, store.Time.GetUtcNow()), true));

    public ImmutableArray<ApiToken> List() => store.List().Tokens;

    /// <summary>For each request. Its roles are those that token and account both have now.</summary>
    /// <param name="text">As it was shown, in Authorization: Bearer.</param>
    public ApiTokenCheck Check(string? text)
    {
        if (!SecretText.Is(SecretText.OfToken, text)) return new ApiTokenCheck(null, "no token");
        var (list, hash, now) = (store.List(), SecretText.Hash(text!), store.Time.GetUtcNow());
        ApiToken? token = null;
        foreach (var one in list.Tokens)
        {
            // All of them, so that it takes as long for any text.
            if (SecretText.Equal(one.Hash, hash)) token = one;
        }

        if (token is null) return new ApiTokenCheck(null, "an unknown token");
        if (token.WhyNot(now) is { } why) return new ApiTokenCheck(null, why);
        if (list.Find(token.Account) is not { IsDisabled: false } account) return new ApiTokenCheck(null, $"the account {token.Account} of the token {token.Name} is disabled");
        ImmutableArray<Role> roles = [.. token.Roles.Where(r => account.Roles.Contains(r))];
        return roles.IsEmpty
            ? new ApiTokenCheck(null, $"the account {account.Name} has none of the roles of the token {token.Name} any more")
            : new ApiTokenCheck(new AccountPrincipal(account.Name, roles, CheckedBy.Token, token.Name, token.Scope), "");
    }
}
