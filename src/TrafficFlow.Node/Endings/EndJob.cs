using System.Net;
using System.Text.Json;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Texts;
using TrafficFlow.Node.Accounts;
using TrafficFlow.Node.ControlClient;
using TrafficFlow.Node.Recordings;
using TrafficFlow.Node.Registers;
using TrafficFlow.Node.Report;
using TrafficFlow.Node.Retention;
using TrafficFlow.Node.Settings;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Endings;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Recordings;
using TrafficFlow.Web.Pages.Reports;
using TrafficFlow.Wire.Authorization;
using TrafficFlow.Wire.Journals;

namespace TrafficFlow.Node.Endings;

/// <summary>The verbs `custody end`, `clock confirm`, `retention` and `verify-report`: by the running node, or, where none runs, in this process, which takes the node's lock meanwhile.</summary>
/// <param name="given">What opens the vault, from the command line.</param>
internal sealed class EndJob(VaultPlace place, NodeSettings? node, GivenSecret given, TimeProvider time)
{
    private const string WithoutSettings = "the node does not run: name its settings with --config FILE, which say whether another person has to agree";

    private readonly VaultHolder _holder = new(place, node, given, time);

    /// <summary>With what was brought: it is asked for once.</summary>
    private VaultRequest? _unlock;

    public static EndJob Find(string? config, string? data, GivenSecret? given = null) => new(VaultPlace.Find(config, data), config is null ? null : NodeSettings.Load(config), given ?? new GivenSecret(null, false, null), TimeProvider.System);

    /// <summary>Tells what would be ended, and asks, unless that was answered on the command line.</summary>
    public async Task<int> EndAsync(string? site, bool everything, string reason, bool isSure, GivenLogIn person)
    {
        if (site is null != everything) throw new UsageException("what is to be ended? --site SITE, or --everything for the whole installation");
        if (node is null && !_holder.IsHeld) throw new UsageException(WithoutSettings);
        if (given.IsGiven)
        {
            _unlock = given.AddTo(new VaultRequest("unlock"), isNew: false);
            if (_holder.IsHeld && HasMaster() && Tell(await _holder.AskAsync("vault", _unlock)) is var opened and not ExitCodes.Done) return opened;
        }

        var request = new VaultRequest("end") { Site = site, Everything = everything, Reason = reason };
        if (!isSure)
        {
            if (Console.IsInputRedirected) throw new UsageException("an end cannot be undone: say --yes, or run it at a terminal, where it asks");
            if (Tell(await AnswerAsync(request with { Verb = "preview-end" })) is var told and not ExitCodes.Done) return told;
            var word = site ?? "everything";
            await Console.Error.WriteAsync($"This cannot be undone. Write {word} to end it: ");
            if (Console.ReadLine()?.Trim() != word) throw new UsageException("nothing was ended");
        }

        if (person.Ask(place) is var (account, password, code)) request = request with { As = account, AsPassword = password, AsCode = code };
        return Tell(await AnswerAsync(request));
    }

    public async Task<int> ConfirmClockAsync(string reason, GivenLogIn person)
    {
        var request = new VaultRequest("confirm-clock") { Reason = reason };
        return Tell(await AnswerAsync(person.Ask(place) is var (account, password, code) ? request with { As = account, AsPassword = password, AsCode = code } : request));
    }

    public async Task<int> RetentionAsync() => Tell(await AnswerAsync(new VaultRequest("retention")));

    /// <summary>Verifies a report with a public key, on any machine.</summary>
    public static int VerifyReport(string file, string keyFile)
    {
        try
        {
            if (new FileInfo(file).Length > SignedDocument.Longest) throw new FormatException("it is larger than any report");
            var report = EndReportFile.Verify(File.ReadAllBytes(file), AuditPublicKeys.Parse(File.ReadAllText(keyFile)));
            Console.WriteLine($"Genuine: end {report.End.Id} of node {PlainText.Of(report.Node)}, {report.WrittenAt:yyyy-MM-dd HH:mm:ssK}");
            Console.WriteLine($"  by      {PlainText.Of(report.End.By)} ({PlainText.Of(report.End.Account)}): {PlainText.Of(report.End.Reason)}");
            foreach (var line in report.End.Steps.SelectMany(s => s.Lines)) Console.WriteLine($"  done    {PlainText.Of(line.English)}");
            foreach (var line in report.Left) Console.WriteLine($"  LEFT    {PlainText.Of(line.English)}");
            foreach (var receipt in report.Receipts) Console.WriteLine($"  receipt {receipt.Id} {receipt.Sha256}");
            return ExitCodes.Done;
        }
        catch (FormatException e)
        {
            throw new JobFailedException($"{file}: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{e.Message}: name the report, and with --key the public key of the node (audit.pub)");
        }
    }

    private Task<VaultAnswer> AnswerAsync(VaultRequest request) => _holder.AnswerAsync("custody", request, held => HereAsync(held, request));

    private static int Tell(VaultAnswer answer)
    {
        var isDone = answer.Outcome == VaultAnswer.OfDone;
        foreach (var line in answer.Lines) (isDone ? Console.Out : Console.Error).WriteLine(isDone ? PlainText.Of(line) : $"trafficflow: {PlainText.Of(line)}");
        return answer.Outcome switch
        {
            VaultAnswer.OfDone => ExitCodes.Done,
            VaultAnswer.OfRefused => ExitCodes.BadUsage,
            _ => ExitCodes.Failed,
        };
    }

    private async Task<VaultAnswer> HereAsync(HeldData held, VaultRequest request)
    {
        switch (request.Verb)
        {
            case "confirm-clock":
                var accounts = AccountStore.Over(place.Data, time);
                // Without settings the register of policies tells what the files of sites asked for last.
                var books = NodeCustody.Open(place.Data, node?.Custody ?? CustodySettings.Default, accounts, () => [.. node?.Sites.Select(s => s.Site) ?? []], null, time);
                return await new ClockDesk(books.Approvals, new PersonLogIn(accounts, held.RecordAsync), held.RecordAsync, (reason, by) => ConfirmedClock.RunAsync(place.Data, reason, by, held.RecordAsync, time, () => { })).ConfirmAsync(request, VaultHolder.Me);
            case "retention":
                return new RetentionTold(() => [.. node?.Sites.Select(s => s.Site) ?? []], null, held.Clock.Doubt, time).Lines([]);
            default:
                if (node is null) throw new UsageException(WithoutSettings);
                using (var vault = _holder.Open(held))
                {
                    if (vault.Keys.State == VaultState.Locked && await OpenAsync(held, vault, request) is { } refused) return refused;
                    var desk = EndDesks.Of(place.Data, node.Remoting.NodeName, node.Custody, node.Subscriptions?.TokensFile, node.Feeds, () => [.. node.Sites.Select(s => s.Site)], vault, held.RecordAsync, null, time, Prints(node.Reports));
                    return request.Verb == "preview-end" ? desk.Preview(SiteOf(request)) : await desk.EndAsync(request, VaultHolder.Me);
                }
        }
    }

    /// <summary>Opens it as `vault unlock` does with what was brought, else with what the settings name.</summary>
    /// <returns>Why it does not open with what was brought; null where it does.</returns>
    private async Task<VaultAnswer?> OpenAsync(HeldData held, RecordingVault vault, VaultRequest request)
    {
        if (_unlock is null)
        {
            // A look needs no key.
            if (_holder.HasKey || request.Verb == "end") await _holder.UnlockAsync(vault);
            return null;
        }

        var accounts = AccountStore.Over(place.Data, time);
        var approvals = NodeCustody.Open(place.Data, node!.Custody, accounts, () => [.. node.Sites.Select(s => s.Site)], null, time).Approvals;
        var answer = await new VaultDesk(vault, held.RecordAsync, approvals, new PersonLogIn(accounts, held.RecordAsync), time).AnswerAsync(_unlock, VaultHolder.Me);
        if (answer.Outcome != VaultAnswer.OfDone) return answer;
        foreach (var line in answer.Lines) await Console.Error.WriteLineAsync(PlainText.Of(line));
        return null;
    }

    /// <summary>An end of everything that is asked for once more opens nothing.</summary>
    private bool HasMaster()
    {
        try
        {
            using var keys = new VaultKeys(Path.Combine(place.Data, RecordingVault.FolderName), time);
            return keys.State != VaultState.Absent;
        }
        catch (VaultFileException e)
        {
            throw new JobFailedException(e.Message, e);
        }
    }

    /// <summary>Reports are printed where the settings do not want HTML alone.</summary>
    internal static bool Prints(ReportSettings? reports) => reports is null || reports.Formats.Contains(ReportFormat.Pdf);

    private static SiteId? SiteOf(VaultRequest request) => request.Site is { } site ? new SiteId(site) : null;
}

/// <summary>Puts a desk together, for a node and for the verb alike.</summary>
internal static class EndDesks
{
    public static EndDesk Of(
        string data, string name, CustodySettings custody, string? tokensFile, IReadOnlyList<Web.Feeds.FeedSettings> feeds, Func<IReadOnlyList<Site>> sites, RecordingVault vault, Func<AuditEvent, Task<bool>> record, Func<Task>? sweep, TimeProvider time, bool prints = true)
    {
        var accounts = AccountStore.Over(data, time);
        var books = NodeCustody.Open(data, custody, accounts, sites, null, time);
        return new EndDesk(new EndNode(data, name, sites, books.Persons, accounts, tokensFile, [.. feeds.Select(f => (f.Name, f.Destination, f.Sites))], sweep), vault, books.Approvals, new PersonLogIn(accounts, record), record, time) { Printer = prints ? new WeasyPrinter(time) : null };
    }
}
