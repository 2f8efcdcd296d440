using TrafficFlow.Node.Registers;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Approvals;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Endings;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Recordings;
using TrafficFlow.Vault.Registers;
using TrafficFlow.Wire.Authorization;

namespace TrafficFlow.Node.Custody;

/// <summary>The rule of two persons at a terminal: what waits, and its answer by a custodian who logs in.</summary>
internal sealed partial class CustodyJob
{
    public int ListApprovals(bool asJson)
    {
        var (all, rules, now) = (Read(() => books.Approvals.Read().Approvals), Read(() => books.Approvals.Rules), time.GetUtcNow());
        if (asJson)
        {
            return Write(new
            {
                place.Data,
                TwoPersonRule = Word(rules.Policy),
                approvals = all.Select(a => new { a.Id, Kind = Word(a.Kind), State = Word(a.StateAt(now)), a.Description, a.Sha256, By = a.By.Account, a.Person, a.RequestedAt, a.OpenUntil, AnsweredBy = a.AnsweredBy?.Account, a.AnsweredByPerson, a.AnsweredAt, a.Reason, a.ValidUntil, a.UsedAt, a.Outcome }),
            });
        }

        Console.WriteLine($"Two persons are needed for: {Word(rules.Policy)}.");
        if (all.IsEmpty) return Say("No approval was asked for.");
        return Table(["id", "kind", "state", "asked by", "until", "what", "sha256"], all.Select(a => new[]
        {
            a.Id, Word(a.Kind), Word(a.StateAt(now)), a.Person ?? a.By.Name, a.StateAt(now) switch { ApprovalState.Requested => Minute(a.OpenUntil), ApprovalState.Approved => Minute(a.ValidUntil!.Value), _ => "" }, a.Description, a.Sha256,
        }));
    }

    /// <param name="sha256">Of what is approved, where nobody can be asked at a terminal.</param>
    public async Task<int> ApproveAsync(string id, string? account, string? sha256)
    {
        var asked = Find(id);
        if (sha256 is null)
        {
            if (Console.IsInputRedirected) throw new UsageException($"say what is approved: --sha256 {asked.Sha256}, as custody approvals list shows it, or run it at a terminal, where it is shown");
            Console.WriteLine($"{asked.Person ?? asked.By.Name} asks for {Word(asked.Kind)}, on {Minute(asked.RequestedAt)}:\n\n    {asked.Description}\n");
            await Console.Error.WriteAsync($"Write {asked.Id} to approve it: ");
            if (Console.ReadLine()?.Trim() != asked.Id) throw new UsageException("nothing was approved");
        }

        var given = await AnswerAsync("custody approval give", asked, account, by => books.Approvals.ApproveAsync(asked.Id, sha256 ?? asked.Sha256, by));
        return Say($"{given.Id} is approved by {given.AnsweredByPerson}, until {Minute(given.ValidUntil!.Value)}: {given.Person ?? given.By.Name} does the same once more by then, and it is done.");
    }

    public async Task<int> RefuseAsync(string id, string? account, string reason)
    {
        var refused = await AnswerAsync("custody approval refuse", Find(id), account, by => books.Approvals.RefuseAsync(id, reason, by));
        return Say($"{refused.Id} is refused by {refused.AnsweredByPerson}.");
    }

    public int ListPolicies(bool asJson)
    {
        var all = Read(() => books.Policies.Changes);
        if (asJson) return Write(new { place.Data, policies = all.Select(c => new { c.Entry.Number, c.Entry.Time, c.Now.Site, Loosened = c.IsLooser, Changes = c.Now.Changes(c.Before), Sha256 = c.Entry.Hash }) });
        return all.IsEmpty
            ? Say($"no policy of a site was found yet in {place.Data}: a running node, or a verb with --config, enters it")
            : Table(["entry", "found", "site", "what"], all.Select(c => new[] { $"{c.Entry.Number}", Minute(c.Entry.Time), c.Now.Site, $"{(c.IsLooser ? "LOOSENED " : "")}{string.Join("; ", c.Now.Changes(c.Before))}" }));
    }

    /// <summary>Enters what the site files say now, where it is not what was found before.</summary>
    private async Task<CustodyJob> LookedAsync()
    {
        try
        {
            foreach (var change in await books.Policies.LookAsync()) await Console.Error.WriteLineAsync($"trafficflow: {(change.IsLooser ? "the policy of custody was LOOSENED in" : "found in")} the file of site {change.Now.Site}: {string.Join("; ", change.Now.Changes(change.Before))}");
            foreach (var problem in RegisterRollback.Find(books, new EndRegister(place.Data, Path.Combine(place.Data, RecordingVault.FolderName), time), new AuditPlace(place.Data))) await Console.Error.WriteLineAsync($"trafficflow: {problem}");
        }
        catch (VaultFileException e)
        {
            throw new JobFailedException(e.Message, e);
        }

        return this;
    }

    private Approval Find(string id)
    {
        try
        {
            return Read(() => books.Approvals.Read().Get(id));
        }
        catch (RegisterException e)
        {
            throw new UsageException(e.Message);
        }
    }

    private async Task<Approval> AnswerAsync(string action, Approval asked, string? account, Func<RegisterAuthor, Task<Approval>> answer)
    {
        if (new GivenLogIn(account).Ask(place) is not var (name, password, code)) throw new UsageException("who? An approval is answered by a custodian of the register: --as ACCOUNT");
        var author = s_by;
        try
        {
            var person = await new PersonLogIn(AccountStore.Over(place.Data, time), RecordedAsync).CheckAsync(name, password, code, new Principal(s_by.Name, s_by.Account));
            author = new RegisterAuthor(person.Name, person.Account);
            var answered = await answer(author);
            var entry = books.Approvals.History()[^1];
            await RecordAsync(action, asked.Id, "done", $"{asked.Sha256}; entry {entry.Number} {entry.Hash[..16]}", author);
            return answered;
        }
        catch (RegisterException e)
        {
            await RecordAsync(action, asked.Id, $"refused: {e.Message}", asked.Sha256, author);
            throw new UsageException(e.Message);
        }
        catch (VaultFileException e)
        {
            throw new JobFailedException(e.Message, e);
        }
    }

    private async Task<bool> RecordedAsync(AuditEvent e)
    {
        await using var log = await AuditLog.OpenAsync(place.Data, place.Audit, time);
        return await log.RecordAsync(e) is not null;
    }
}
