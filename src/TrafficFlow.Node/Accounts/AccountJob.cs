using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Files;

namespace TrafficFlow.Node.Accounts;

/// <summary>What the verbs of `trafficflow account` do. Each change is in the node's audit before it is answered, and so is one that was refused.</summary>
internal sealed class AccountJob(VaultPlace place, TimeProvider time)
{
    private static readonly JsonSerializerOptions s_layout = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string By => $"unix:{Environment.UserName}";

    public async Task<int> AddAsync(string name, IReadOnlyList<string> roles)
    {
        var given = Roles(roles);
        await ChangeAsync("account add", name, Words(given), async store => Tell(await store.CreateAsync(name, given, By), $"Account {name} ({Words(given)}) is made"));
        return ExitCodes.Done;
    }

    public async Task<int> InviteAsync(string name, bool dropsSecondFactor)
    {
        await ChangeAsync("account invite", name, dropsSecondFactor ? "without second factor" : null, async store => Tell(await store.InviteAsync(name, dropsSecondFactor), $"A new link for {name}; the one before is void"));
        return ExitCodes.Done;
    }

    public async Task<int> SetRolesAsync(string name, IReadOnlyList<string> roles)
    {
        var given = Roles(roles);
        await ChangeAsync("account roles", name, Words(given), store => store.SetRolesAsync(name, given));
        Console.WriteLine($"Account {name} is now {Words(given)}: its sessions have ended.");
        return ExitCodes.Done;
    }

    public async Task<int> DisableAsync(string name)
    {
        await ChangeAsync("account disable", name, null, store => store.DisableAsync(name, By));
        Console.WriteLine($"Account {name} is disabled: its sessions and tokens have ended. trafficflow account enable {name} takes that back.");
        return ExitCodes.Done;
    }

    public async Task<int> EnableAsync(string name)
    {
        await ChangeAsync("account enable", name, null, store => store.EnableAsync(name));
        Console.WriteLine($"Account {name} can log in again.");
        return ExitCodes.Done;
    }

    public async Task<int> SecondFactorAsync(string name, bool removes)
    {
        if (removes)
        {
            await ChangeAsync("account second-factor", name, "removed", store => store.RemoveSecondFactorAsync(name));
            Console.WriteLine($"Account {name} is asked for no code any more: its sessions have ended.");
            return ExitCodes.Done;
        }

        await ChangeAsync("account second-factor", name, null, async store =>
        {
            var begun = await store.BeginSecondFactorAsync(name);
            await Console.Error.WriteLineAsync($"Type this secret into the authenticator of {name}: {begun.Secret}\nor make a QR code of: {begun.Uri}\nThen type the code that it shows:");
            if (await Console.In.ReadLineAsync() is not { } code) throw new AccountException("no code was typed; nothing is asked for beside the password: begin it anew");
            var recovery = await store.ConfirmSecondFactorAsync(name, code.Trim());
            await Console.Error.WriteLineAsync($"Account {name} is asked for a code from now on; its sessions have ended. Codes for a lost authenticator, each for once; they are shown this once:");
            foreach (var one in recovery) Console.WriteLine(one);
        });
        return ExitCodes.Done;
    }

    public int List(bool asJson)
    {
        var now = time.GetUtcNow();
        var accounts = Read(store => store.List().Accounts.OrderBy(a => a.Name, StringComparer.Ordinal).ToList());
        if (asJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(
                new
                {
                    place.Data,
                    accounts = accounts.Select(a => new { a.Name, Roles = a.Roles.Select(RoleNames.Of), State = a.State(now), SecondFactor = a.HasSecondFactor, a.LastLogInAt, a.InvitedUntil, a.CreatedAt, a.CreatedBy, a.DisabledAt, a.DisabledBy }),
                },
                s_layout));
        }
        else if (accounts.Count == 0)
        {
            Console.WriteLine($"no accounts in {place.Data}: the node prints a link for the first custodian when it starts, or trafficflow account add NAME --role custodian makes one");
        }
        else
        {
            var table = new Table().Border(TableBorder.Simple).AddColumns("name", "roles", "state", "2nd factor", "last log-in (UTC)", "created by");
            foreach (var a in accounts)
                table.AddRow([.. new[] { a.Name, Words(a.Roles), a.State(now), a.HasSecondFactor ? "yes" : "no", a.LastLogInAt is { } at ? Minute(at) : "never", a.CreatedBy }.Select(c => new Text(c))]);
            AnsiConsole.Write(table);
        }

        return ExitCodes.Done;
    }

    public async Task<int> AddTokenAsync(string name, string account, IReadOnlyList<string> sites, IReadOnlyList<string> uses, IReadOnlyList<string> roles, string until)
    {
        var end = CommandTime.End("--until", until);
        if (end <= time.GetUtcNow()) throw new UsageException($"--until {until} is over: write a day that comes");
        var text = "";
        await ChangeAsync("account token add", name, $"for {account}", async store =>
        {
            var scope = ApiScope.Parse(Split(sites), Split(uses));
            var given = roles.Count > 0 ? Roles(roles) : [.. store.List().Get(account).Roles];
            text = await new ApiTokens(store).CreateAsync(name, account, scope, given, end, By);
            await Console.Error.WriteLineAsync($"Token {name} of {account} ({Words(given)}) to {scope}, until {Minute(end)}Z. It is shown this once; keep it in a file that only its reader can read:");
        });
        Console.WriteLine(text);
        return ExitCodes.Done;
    }

    public int ListTokens(bool asJson)
    {
        var now = time.GetUtcNow();
        var tokens = Read(store => store.List().Tokens.OrderBy(t => t.Name, StringComparer.Ordinal).ToList());
        if (asJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(
                new { place.Data, tokens = tokens.Select(t => new { t.Name, t.Account, State = State(t, now), t.Scope.Sites, Uses = t.Scope.Uses.Select(u => u.ToString().ToLowerInvariant()), Roles = t.Roles.Select(RoleNames.Of), t.Until, t.CreatedAt, t.CreatedBy, t.RevokedAt, t.RevokedBy }) },
                s_layout));
        }
        else if (tokens.Count == 0)
        {
            Console.WriteLine($"no tokens in {place.Data}: trafficflow account token add makes one");
        }
        else
        {
            var table = new Table().Border(TableBorder.Simple).AddColumns("name", "account", "state", "scope", "roles", "until (UTC)");
            foreach (var t in tokens) table.AddRow([.. new[] { t.Name, t.Account, State(t, now), t.Scope.ToString(), Words(t.Roles), Minute(t.Until) }.Select(c => new Text(c))]);
            AnsiConsole.Write(table);
        }

        return ExitCodes.Done;
    }

    public async Task<int> RevokeTokenAsync(string name)
    {
        await ChangeAsync("account token revoke", name, null, store => new ApiTokens(store).RevokeAsync(name, By));
        Console.WriteLine($"Token {name} is revoked.");
        return ExitCodes.Done;
    }

    private async Task ChangeAsync(string action, string target, string? details, Func<AccountStore, Task> change)
    {
        try
        {
            var store = AccountStore.Open(place.Data, time);
            try
            {
                await change(store);
                await RecordAsync(action, target, "done", details);
            }
            catch (AccountException refused)
            {
                await RecordAsync(action, target, $"refused: {refused.Message}", details);
                throw new UsageException(refused.Message);
            }
        }
        catch (VaultFileException e)
        {
            throw new JobFailedException(e.Message, e);
        }
    }

    /// <summary>A custodian must be able to act while the audit cannot be written, and hears of it.</summary>
    private async Task RecordAsync(string action, string target, string outcome, string? details)
    {
        string? problem;
        try
        {
            await using var log = await AuditLog.OpenAsync(place.Data, place.Audit, time);
            problem = await log.RecordAsync(new AuditEvent(AuditKind.Change, Environment.UserName, By, action, target, outcome, details)) is null ? log.Problem : null;
        }
        catch (VaultFileException e)
        {
            problem = e.Message;
        }

        if (problem is not null) await Console.Error.WriteLineAsync($"trafficflow: this is not in the audit: {problem}");
    }

    private T Read<T>(Func<AccountStore, T> read)
    {
        try
        {
            return read(AccountStore.Open(place.Data, time));
        }
        catch (VaultFileException e)
        {
            throw new JobFailedException(e.Message, e);
        }
    }

    private static void Tell(Invitation invitation, string what)
    {
        Console.Error.WriteLine($"{what}. This link sets the password, once, until {Minute(invitation.Until)}Z; it follows the address of the node's pages, as in https://HOST:PORT{invitation.Path[..(invitation.Path.IndexOf('#') + 1)]}…");
        Console.WriteLine(invitation.Path);
    }

    private static List<Role> Roles(IReadOnlyList<string> given) => [.. Split(given).Select(r => RoleNames.Parse(r) ?? throw new UsageException($"\"{Core.Texts.PlainText.Of(r, 40)}\" is no role: {Settings.Suggestion.For(r, [.. RoleNames.All], "roles")}"))];

    private static List<string> Split(IReadOnlyList<string> given) => [.. given.SelectMany(g => g.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];

    private static string Words(IEnumerable<Role> roles) => string.Join(", ", roles.Select(RoleNames.Of));

    private static string State(ApiToken token, DateTimeOffset now) => token.RevokedAt is not null ? "revoked" : token.WhyNot(now) is null ? "good" : "expired";

    private static string Minute(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
