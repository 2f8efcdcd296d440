using System.Security.Cryptography;
using System.Text;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Recordings;
using TrafficFlow.Node.Registers;
using TrafficFlow.Vault.Approvals;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Endings;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.HandCarry;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Recordings;
using TrafficFlow.Vault.Registers;
using TrafficFlow.Web.Pages.Custody;
using TrafficFlow.Web.Pages.Reports;
using TrafficFlow.Wire.Authorization;

namespace TrafficFlow.Node.Endings;

/// <summary>
/// Ends an experiment in one deed: recording, pictures, the other kinds, copies, tokens, operators, report. Each step is in the audit before it is done and kept when it is: what a crash cuts goes on behind it, and who asks once
/// more is told what was done. One at a time.
/// </summary>
/// <param name="record">Records in the audit; false where it cannot be recorded now.</param>
internal sealed class EndDesk(EndNode node, RecordingVault vault, ApprovalStore approvals, PersonLogIn logIn, Func<AuditEvent, Task<bool>> record, TimeProvider time)
{
    private readonly EndRegister _ends = vault.Ends;
    private readonly EndSteps _steps = new(node, vault, time);
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Prints the report; null where nothing can.</summary>
    public IPdfPrinter? Printer { get; init; }

    /// <summary>What the end would do; nothing is changed.</summary>
    public VaultAnswer Preview(SiteId? site)
    {
        try
        {
            Check(site);
            var scope = new EraseScope(site);
            var kept = vault.Recorded.List(site).Count(EndSteps.IsKept);
            return VaultAnswer.Done(
                $"{kept} segments of {scope} would be erased; {vault.Holds.Meeting(scope).Count} legal holds are in force and keep what they name",
                $"{vault.Copies.Meeting(scope).Count} copies elsewhere have not ended",
                $"operators to be dismissed: {_steps.Operators(site).Count}; tokens to be revoked: {_steps.TokensOf(site).Count}");
        }
        catch (Exception e) when (e is FormatException or VaultFileException or RegisterException)
        {
            return VaultAnswer.Refused(e.Message);
        }
    }

    /// <summary>Logs in whom the request names; else it is whoever has sent it.</summary>
    public async Task<VaultAnswer> EndAsync(VaultRequest request, Principal by)
    {
        try
        {
            if (request.As is { } account) by = await logIn.CheckAsync(account, request.AsPassword, request.AsCode, by);
        }
        catch (RegisterException e)
        {
            return VaultAnswer.Refused(e.Message);
        }
        catch (VaultFileException e)
        {
            return VaultAnswer.Failed(e.Message);
        }

        return await EndAsync(request.Site is { } site ? new SiteId(site) : null, request.Reason ?? "", by);
    }

    /// <param name="site">Null for the whole installation.</param>
    public async Task<VaultAnswer> EndAsync(SiteId? site, string reason, Principal by)
    {
        if (!await _turn.WaitAsync(TimeSpan.Zero, CancellationToken.None)) return VaultAnswer.Failed("an experiment is being ended now: ask again in a minute");
        try
        {
            Check(site);
            if (_ends.Find(site) is not { } state) return await BeginAsync(site, reason, by);
            if (state.Ended is { } ended) return VaultAnswer.Done([$"{Named(site)} was ended on {ended:yyyy-MM-dd HH:mm}Z already, by {state.By}: {state.Reason}", .. Told(state)]);
            var answer = await RunAsync(state, by);
            if (state.Approval is { } approval) await approvals.EndAsync(approval, answer.Outcome, new RegisterAuthor(by.Name, by.Account));
            return answer;
        }
        catch (Exception e) when (e is FormatException or VaultKeyException or ErasureException or HandCarryException or RegisterException)
        {
            return VaultAnswer.Refused($"{Sentence(e)} What was done stays done: mend it, and give the same command once more");
        }
        catch (Exception e) when (e is VaultFileException or IOException or UnauthorizedAccessException or JobFailedException)
        {
            return VaultAnswer.Failed($"{Sentence(e)} What was done stays done: give the same command once more");
        }
        finally
        {
            _turn.Release();
        }
    }

    private void Check(SiteId? site)
    {
        if (site is { } one && node.Sites().All(s => s.Id != one) && !vault.Sites.Contains(one))
            throw new FormatException($"there is no site {one} here{(node.Sites() is { Count: > 0 } sites ? $": there are {string.Join(", ", sites.Select(s => s.Id))}" : "")}");
    }

    private async Task<VaultAnswer> BeginAsync(SiteId? site, string reason, Principal by)
    {
        if (string.IsNullOrWhiteSpace(reason)) throw new FormatException("an end needs its reason: it stands in the report and in each receipt");
        var author = new RegisterAuthor(by.Name, by.Account);
        var description = $"end the experiment at {Named(site)}: {reason.Trim()}";
        switch (await approvals.RequireAsync(ApprovalKind.Erase, description, author))
        {
            case ApprovalAnswer.Allowed allowed:
                if (!await record(new AuditEvent(AuditKind.Change, by.Name, by.Account, "custody end", Named(site), "begun", reason)))
                {
                    if (allowed.ApprovalId is { } unused) await approvals.ReturnAsync(unused, "the audit could not be written, and nothing was done", author);
                    return VaultAnswer.Failed("the audit cannot be written now, and nothing is ended without a record of it: see trafficflow ctl health show");
                }

                var answer = await RunAsync(await _ends.BeginAsync(site, reason, author, allowed.ApprovalId), by);
                if (allowed.ApprovalId is { } used) await approvals.EndAsync(used, answer.Outcome, author);
                return answer;
            case ApprovalAnswer.NeedsApproval { RequestId: null }:
                var asked = await approvals.RequestAsync(ApprovalKind.Erase, description, author);
                return VaultAnswer.Refused($"this takes two persons here: {asked.Id} is requested, and waits for another person's approval (page Custody, or trafficflow custody approval approve {asked.Id}) until {asked.OpenUntil:yyyy-MM-dd HH:mm}Z; then do the same once more. Nothing was done");
            case ApprovalAnswer.NeedsApproval waiting:
                return VaultAnswer.Refused($"{waiting.Message}. Nothing was done");
            default:
                return VaultAnswer.Refused("it was refused by another person: see the page Custody. Nothing was done");
        }
    }

    /// <param name="by">Who gives the command now: what is done from here on is by this person, whoever began it.</param>
    private async Task<VaultAnswer> RunAsync(EndState state, Principal by)
    {
        var author = new RegisterAuthor(by.Name, by.Account);
        foreach (var step in Enum.GetValues<EndStep>().Where(s => s != EndStep.Report && !state.Has(s)))
        {
            await RecordedAsync(state, step, "begun", by);
            var done = await _steps.RunAsync(step, state with { By = by.Name, Account = by.Account });
            state = await _ends.AddAsync(state.Id, done, author);
            await RecordedAsync(state, step, $"done: {string.Join("; ", done.Lines.Concat(done.Left).Select(l => l.English))}", by);
        }

        if (!state.Has(EndStep.Report)) state = await ReportAsync(state, by);
        state = await _ends.EndAsync(state.Id, author);
        await RecordedAsync(state, null, $"ended; {state.Steps.Sum(s => s.Left.Count)} things are left", by);
        return VaultAnswer.Done([$"{Named(state.Site)} is ended", .. Told(state)]);
    }

    private async Task<EndState> ReportAsync(EndState state, Principal by)
    {
        await RecordedAsync(state, EndStep.Report, "begun", by);
        var report = _steps.Report(state);
        var signed = EndReportFile.Write(report, node.Data);
        var folder = Path.Combine(_ends.Reports, state.Id);
        EndReportFile.Keep(Path.Combine(folder, state.Id + EndReportFile.Ending), signed);
        var (lines, left) = (new List<BilingualText>(), new List<BilingualText>());
        foreach (var language in new[] { "ja", "en" })
        {
            var html = await EndHtml.WriteAsync(report, Convert.ToHexStringLower(SHA256.HashData(signed)), language, node.Zone(state.Site));
            EndReportFile.Keep(Path.Combine(folder, $"{state.Id}.{language}.html"), Encoding.UTF8.GetBytes(html));
            try
            {
                if (Printer is { } printer) EndReportFile.Keep(Path.Combine(folder, $"{state.Id}.{language}.pdf"), await printer.PrintAsync(html, CancellationToken.None));
            }
            catch (PdfException e)
            {
                left.Add(new BilingualText($"PDFは作成できませんでした（{e.Message}）。HTMLを印刷してください。", $"no PDF was made ({e.Message}): print the HTML"));
            }
        }

        lines.Add(new BilingualText($"報告書: {folder}", $"the report is in {folder}"));
        return await _ends.AddAsync(state.Id, new EndedStep(EndStep.Report, time.GetUtcNow(), lines, left), new RegisterAuthor(by.Name, by.Account));
    }

    private async Task RecordedAsync(EndState state, EndStep? step, string outcome, Principal by)
    {
        // With the entry the audit finds a register that was put back, and with it an end that recording would go on after.
        var entry = _ends.History() is [.., var last] ? $"; entry {last.Number} {last.Hash[..16]}" : "";
        var e = new AuditEvent(AuditKind.Change, by.Name, by.Account, "custody end", Named(state.Site), Shortened(outcome), $"{state.Id}{(step is { } s ? $", step {s.ToString().ToLowerInvariant()}" : "")}{entry}");
        if (!await record(e)) throw new JobFailedException("the audit cannot be written now, and nothing is done without a record of it: see trafficflow ctl health show");
    }

    private static string Sentence(Exception e) => e.Message.EndsWith('?') || e.Message.EndsWith('.') ? e.Message : $"{e.Message}.";

    private static string Shortened(string text) => text.Length > 900 ? $"{text[..900]}…" : text;

    private static IEnumerable<string> Told(EndState state) =>
        [.. state.Steps.SelectMany(s => s.Lines).Select(l => l.English), .. state.Steps.SelectMany(s => s.Left).Select(l => $"LEFT: {l.English}")];

    private static string Named(SiteId? site) => site is { } one ? $"site {one}" : "the whole installation";
}
