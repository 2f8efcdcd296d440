using System.Collections.Immutable;
using System.Text.Json.Serialization;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Texts;
using TrafficFlow.Vault.Secrets;

namespace TrafficFlow.Vault.Accounts;

/// <summary>The accounts of a node and the tokens of their programs. Pure: each change is a new list, or an <see cref="AccountException"/>.</summary>
public sealed record AccountList(ImmutableArray<Account> Accounts, ImmutableArray<ApiToken> Tokens)
{
    public const int MostAccounts = 1_000;
    public const int MostTokens = 1_000;

    /// <summary>How long a link can be used.</summary>
    public static readonly TimeSpan InvitedFor = TimeSpan.FromHours(24);

    public static readonly AccountList Empty = new([], []);

    private static readonly TimeSpan RememberedFor = TimeSpan.FromDays(366);

    /// <summary>The link of the first start, before there is any account.</summary>
    [JsonInclude]
    internal PendingInvitation? First { get; init; }

    /// <returns>Null where there is none of that name.</returns>
    public Account? Find(string name) => Accounts.FirstOrDefault(a => a.Name == name);

    /// <exception cref="AccountException">There is none of that name.</exception>
    public Account Get(string name) => Find(name)
        ?? throw new AccountException($"there is no account {PlainText.Of(name, 64)}{(Accounts.IsEmpty ? ": there are none yet" : $": there are {string.Join(", ", Accounts.Select(a => a.Name).Order(StringComparer.Ordinal).Take(20))}")}");

    /// <summary>An account without a password, and the link with which its owner sets one.</summary>
    public (AccountList List, Invitation Invitation) Create(string name, IEnumerable<Role> roles, string by, DateTimeOffset now)
    {
        CheckName(name);
        if (Find(name) is not null) throw new AccountException($"there is an account {name} already: trafficflow account invite {name} makes it a new link, trafficflow account roles {name} … changes its roles");
        if (Accounts.Length >= MostAccounts) throw new AccountException($"there are {MostAccounts} accounts already, the most of one node");
        var (pending, invitation) = NewLink(name, now);
        var account = new Account(name, Distinct(roles), now, by) { Invitation = pending };
        // Whoever is made here makes the link of the first start needless.
        return (this with { Accounts = Accounts.Add(account), First = null }, invitation);
    }

    /// <summary>A new link for an account: the one before is void. The password of now is good until the link is used.</summary>
    public (AccountList List, Invitation Invitation) Invite(string name, DateTimeOffset now)
    {
        var account = Get(name);
        if (account.IsDisabled) throw new AccountException($"the account {name} is disabled: trafficflow account enable {name} first");
        var (pending, invitation) = NewLink(account.Name, now);
        return (With(account, account with { Invitation = pending }), invitation);
    }

    /// <summary>The link for the first custodian, who chooses a name with it. Null where there is an account.</summary>
    public (AccountList List, Invitation? Invitation) InviteFirst(DateTimeOffset now)
    {
        if (!Accounts.IsEmpty) return (this, null);
        var (pending, invitation) = NewLink(null, now);
        return (this with { First = pending }, invitation);
    }

    /// <returns>Whom a link is for: the name, empty for the first custodian; null where it cannot be used (any more).</returns>
    public string? InvitedBy(string text, DateTimeOffset now)
    {
        if (!SecretText.Is(SecretText.OfInvitation, text)) return null;
        var hash = SecretText.Hash(text);
        if (Accounts.FirstOrDefault(a => !a.IsDisabled && Opens(a.Invitation, hash, now)) is { } account) return account.Name;
        return Accounts.IsEmpty && Opens(First, hash, now) ? "" : null;
    }

    /// <summary>Uses a link, which is void then.</summary>
    /// <param name="chosenName">For the first custodian alone.</param>
    /// <param name="password">PHC string of a password that <see cref="PasswordRule"/> lets through.</param>
    public (AccountList List, Account Account) Accept(string text, string password, string? chosenName, DateTimeOffset now)
    {
        var name = InvitedBy(text, now) ?? throw NoInvitation();
        if (name.Length > 0)
        {
            var account = Get(name);
            var opened = Changed(account) with { Password = password, Invitation = null, Failures = default, Devices = [] };
            return (With(account, opened), opened);
        }

        CheckName(chosenName ?? "");
        var first = new Account(chosenName!, [Role.Custodian], now, "first start") { Password = password };
        return (this with { Accounts = [first], First = null }, first);
    }

    public AccountList SetPassword(string name, string password)
    {
        var account = Get(name);
        return With(account, Changed(account) with { Password = password, Invitation = null, Failures = default });
    }

    public AccountList SetRoles(string name, IEnumerable<Role> roles)
    {
        var account = Get(name);
        var distinct = Distinct(roles);
        if (distinct.SequenceEqual(account.Roles)) throw new AccountException($"the account {name} has just these roles already; nothing was changed");
        if (!distinct.Contains(Role.Custodian)) KeepACustodian(account);
        return With(account, Changed(account) with { Roles = distinct });
    }

    /// <summary>Ends its sessions and tokens, and voids its link.</summary>
    public AccountList Disable(string name, string by, DateTimeOffset now)
    {
        var account = Get(name);
        if (account.IsDisabled) throw new AccountException($"the account {name} is disabled already; nothing was changed");
        KeepACustodian(account);
        return With(account, Changed(account) with { DisabledAt = now, DisabledBy = by, Invitation = null, Devices = [] });
    }

    /// <summary>Of a person who was dismissed: as <see cref="Disable"/>, its tokens are revoked, and it is not enabled again before <see cref="Reinstate"/>.</summary>
    public AccountList Dismiss(string name, string by, DateTimeOffset now)
    {
        var account = Get(name);
        if (account.IsDisabled && account.IsDismissed) return this;
        KeepACustodian(account);
        var dismissed = Changed(account) with { DisabledAt = account.DisabledAt ?? now, DisabledBy = account.DisabledBy ?? by, DismissedAt = now, Invitation = null, Devices = [] };
        return With(account, dismissed) with { Tokens = [.. Tokens.Select(t => t.Account == name && t.RevokedAt is null ? t with { RevokedAt = now, RevokedBy = by } : t)] };
    }

    /// <summary>Without accounts of persons who were dismissed before, with all that is kept in them, and without tokens that ended before.</summary>
    /// <returns>The list, and what went.</returns>
    public (AccountList List, ForgottenAccounts Gone) Forget(DateTimeOffset before)
    {
        var gone = Accounts.Where(a => a.DismissedAt < before).Select(a => a.Name).ToImmutableArray();
        ImmutableArray<string> tokens = [.. Tokens.Where(t => (t.RevokedAt ?? t.Until) < before || (gone.Contains(t.Account) && t.RevokedAt is not null)).Select(t => t.Name)];
        return gone.IsEmpty && tokens.IsEmpty ? (this, ForgottenAccounts.None)
            : (this with { Accounts = Accounts.RemoveAll(a => gone.Contains(a.Name)), Tokens = Tokens.RemoveAll(t => (t.RevokedAt ?? t.Until) < before || (gone.Contains(t.Account) && t.RevokedAt is not null)) }, new ForgottenAccounts(gone, tokens));
    }

    /// <summary>The person is appointed anew: the account stays disabled until somebody enables it.</summary>
    public AccountList Reinstate(string name) => Find(name) is { IsDismissed: true } account ? With(account, account with { DismissedAt = null }) : this;

    public AccountList Enable(string name)
    {
        var account = Get(name);
        if (account.DismissedAt is { } at) throw new AccountException($"the owner of {name} was dismissed on {at.UtcDateTime:yyyy-MM-dd HH:mm}Z: the person is appointed anew first (page /custody/persons, or trafficflow custody person appoint)");
        return account.IsDisabled
            ? With(account, Changed(account) with { DisabledAt = null, DisabledBy = null, Failures = default })
            : throw new AccountException($"the account {name} is not disabled; nothing was changed");
    }

    /// <returns>The list with it, and its text, which nothing keeps.</returns>
    public (AccountList List, string Text) CreateToken(string name, string account, ApiScope scope, IEnumerable<Role> roles, DateTimeOffset until, string by, DateTimeOffset now)
    {
        CheckName(name);
        var owner = Get(account);
        if (owner.IsDisabled) throw new AccountException($"the account {account} is disabled: trafficflow account enable {account} first");
        var distinct = Distinct(roles);
        if (distinct.FirstOrDefault(r => !owner.Roles.Contains(r), (Role)(-1)) is var more && more >= 0)
            throw new AccountException($"the account {account} is no {RoleNames.Of(more)}: a token has at most the roles of its account ({string.Join(", ", owner.Roles.Select(RoleNames.Of))})");
        if (until <= now) throw new AccountException("the token would be over already: name a time that comes");
        if (Tokens.Any(t => t.Name == name && t.WhyNot(now) is null))
            throw new AccountException($"there is a good token {name} already: give each program its own name ({name}-2), or revoke that one first: trafficflow account token revoke {name}");
        var kept = Tokens.Where(t => t.Name != name && now - (t.RevokedAt ?? t.Until) < RememberedFor).ToImmutableArray();
        if (kept.Length >= MostTokens) throw new AccountException($"there are {MostTokens} tokens already, the most of one node");
        var text = SecretText.Create(SecretText.OfToken);
        return (this with { Tokens = kept.Add(new ApiToken(name, account, scope, distinct, until, now, by) { Hash = SecretText.Hash(text) }) }, text);
    }

    public AccountList RevokeToken(string name, string by, DateTimeOffset now)
    {
        var token = Tokens.FirstOrDefault(t => t.Name == name)
            ?? throw new AccountException($"there is no token {PlainText.Of(name, 64)}{(Tokens.IsEmpty ? "" : $": there are {string.Join(", ", Tokens.Select(t => t.Name).Take(20))}")}");
        return token.WhyNot(now) is { } why
            ? throw new AccountException($"{why} already; nothing was changed")
            : this with { Tokens = Tokens.Replace(token, token with { RevokedAt = now, RevokedBy = by }) };
    }

    internal static AccountException NoInvitation() => new("this link was used, has expired or was replaced: ask a custodian for a new one (trafficflow account invite NAME)");

    /// <summary>Another number whenever somebody may do something else than before.</summary>
    internal long Access()
    {
        long access = 17;
        foreach (var account in Accounts) access = (access * 31) + HashCode.Combine(account.Name, account.Version);
        foreach (var token in Tokens) access = (access * 31) + HashCode.Combine(token.Name, token.Hash, token.RevokedAt);
        return access;
    }

    internal AccountList With(Account old, Account changed) => this with { Accounts = Accounts.Replace(old, changed) };

    /// <summary>What ends the sessions that it has.</summary>
    internal static Account Changed(Account account) => account with { Version = account.Version + 1 };

    private static bool Opens(PendingInvitation? invitation, string hash, DateTimeOffset now) => invitation is not null && SecretText.Equal(invitation.Hash, hash) && now < invitation.Until;

    private static (PendingInvitation Kept, Invitation Shown) NewLink(string? name, DateTimeOffset now)
    {
        var text = SecretText.Create(SecretText.OfInvitation);
        return (new PendingInvitation(SecretText.Hash(text), now + InvitedFor), new Invitation(name, text, now + InvitedFor));
    }

    private static ImmutableArray<Role> Distinct(IEnumerable<Role> roles)
    {
        ImmutableArray<Role> distinct = [.. roles.Distinct().Order()];
        return distinct.IsEmpty ? throw new AccountException($"an account needs at least one role: {string.Join(", ", RoleNames.All)}") : distinct;
    }

    private static void CheckName(string name)
    {
        if (!NameRule.IsChosen(name)) throw new AccountException($"\"{PlainText.Of(name, 64)}\" cannot be a name: {NameRule.Remedy}");
    }

    /// <summary>Nobody could make a custodian any more but root on the machine itself.</summary>
    private void KeepACustodian(Account account)
    {
        if (!account.Roles.Contains(Role.Custodian) || !account.CanLogIn) return;
        if (!Accounts.Any(a => a.Name != account.Name && a.CanLogIn && a.Roles.Contains(Role.Custodian)))
            throw new AccountException($"{account.Name} is the only custodian who can log in: make another one first (trafficflow account add NAME --role custodian), who must have used the link");
    }
}

/// <summary>What was removed because of its age.</summary>
/// <param name="Accounts">Names of dismissed persons' accounts.</param>
/// <param name="Tokens">Names of tokens that had ended.</param>
public sealed record ForgottenAccounts(ImmutableArray<string> Accounts, ImmutableArray<string> Tokens)
{
    public static readonly ForgottenAccounts None = new([], []);

    public bool IsNone => Accounts.IsEmpty && Tokens.IsEmpty;
}
