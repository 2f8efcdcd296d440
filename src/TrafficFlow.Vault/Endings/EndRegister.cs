using System.Collections.Immutable;
using System.Text.Json.Serialization;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Registers;

namespace TrafficFlow.Vault.Endings;

/// <summary>What the register of ends holds.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(EndBegun), "begun")]
[JsonDerivedType(typeof(EndStepDone), "step-done")]
[JsonDerivedType(typeof(EndDone), "done")]
[JsonDerivedType(typeof(EndCopyKept), "copy-kept")]
[JsonDerivedType(typeof(EndCopyEnded), "copy-ended")]
public abstract record EndEvent;

/// <param name="Site">Null for the whole installation.</param>
public sealed record EndBegun(string Id, string? Site, string Reason, string? Approval) : EndEvent;

public sealed record EndStepDone(string Id, EndStep Step, IReadOnlyList<BilingualText> Lines, IReadOnlyList<BilingualText> Left) : EndEvent;

public sealed record EndDone(string Id) : EndEvent;

/// <summary>A copy as the vault's ledger has it, kept from there: the ledger can be neither checked nor changed once the vault's key is destroyed.</summary>
/// <param name="Id">Of the end.</param>
/// <param name="Copy">Its id in the ledger.</param>
public sealed record EndCopyKept(
    string Id, string Copy, CopyKind Of, string? Site, string? Camera, DateTimeOffset? From, DateTimeOffset? To, DateTimeOffset Made, string By, string Where, DateTimeOffset Until, DateTimeOffset? Ended, string? How) : EndEvent;

/// <summary>A copy that was kept was destroyed, or came home.</summary>
public sealed record EndCopyEnded(string Id, string Copy, string How) : EndEvent;

/// <summary>
/// The ends of experiments of a node, a signed register beside those of custody: the keys of the vault are gone before an end is over. Thread-safe, among processes too.
/// </summary>
/// <remarks>Every member throws <see cref="Files.VaultFileException"/> where the register cannot be used.</remarks>
public sealed class EndRegister(string dataFolder, string vaultFolder, TimeProvider time)
{
    public const string Name = "ends";

    private readonly SignedRegister<ImmutableArray<EndState>, EndEvent> _register = new(dataFolder, Name, [], Apply, time);
    private readonly AuditPlace _audit = new(dataFolder);

    /// <summary>The folder of reports.</summary>
    public string Reports { get; } = Path.Combine(vaultFolder, "ends");

    public IReadOnlyList<EndState> All => _register.State;

    /// <summary>Those of the register, and those of which only the signed report is left: a register that was put back, or taken away, begins no recording anew.</summary>
    public IReadOnlyList<EndState> Known
    {
        get
        {
            var all = All;
            return Directory.Exists(Reports) ? [.. all, .. OnlyReported(all)] : all;
        }
    }

    /// <summary>Copies that ends have kept, each with the name by which it is ended.</summary>
    public IReadOnlyList<(string Name, CopyEntry Copy)> Copies => [.. All.SelectMany(e => e.Copies.Select(c => ($"{e.Id}/{c.Id}", c)))];

    /// <summary>All entries, the oldest first.</summary>
    public ImmutableArray<RegisterEntry<EndEvent>> History() => _register.Entries;

    /// <summary>The end by which nothing of a site is recorded, taken in or given out any more; null where there is none.</summary>
    public EndState? Covering(SiteId site) => Known.FirstOrDefault(e => e.Covers(site));

    /// <summary>The end that is under way or done for just this; null where there is none.</summary>
    /// <param name="site">Null for the whole installation.</param>
    public EndState? Find(SiteId? site) => All.LastOrDefault(e => e.Site == site);

    /// <summary>Begins one, or goes on with the one that is under way.</summary>
    /// <exception cref="RegisterException">There is no reason, or it is too long.</exception>
    public async Task<EndState> BeginAsync(SiteId? site, string reason, RegisterAuthor by, string? approval)
    {
        if (string.IsNullOrWhiteSpace(reason) || reason.Length > EraseOrder.LongestReason) throw new RegisterException($"an end needs its reason, of at most {EraseOrder.LongestReason} characters: it stands in the report");
        var (id, _) = await _register.ChangeAsync<string>(by, (ends, now) => ends.LastOrDefault(e => e.Site == site) is { } begun ? ([], begun.Id)
            : ErasurePlan.NewId(now) is var made ? ([new EndBegun(made, site?.Value, reason.Trim(), approval)], made) : default).ConfigureAwait(false);
        return Get(id);
    }

    public async Task<EndState> AddAsync(string id, EndedStep step, RegisterAuthor by)
    {
        await _register.ChangeAsync<bool>(by, (ends, _) => ends.Any(e => e.Id == id && e.Has(step.Step)) ? ([], false) : ([new EndStepDone(id, step.Step, step.Lines, step.Left)], true)).ConfigureAwait(false);
        return Get(id);
    }

    public async Task<EndState> EndAsync(string id, RegisterAuthor by)
    {
        await _register.ChangeAsync<bool>(by, (ends, _) => ends.Any(e => e.Id == id && e.Ended is not null) ? ([], false) : ([new EndDone(id)], true)).ConfigureAwait(false);
        return Get(id);
    }

    /// <summary>Keeps copies of the vault's ledger; those that were kept before stay as they are.</summary>
    /// <param name="id">Of the end.</param>
    public Task KeepCopiesAsync(string id, IReadOnlyList<CopyEntry> copies, RegisterAuthor by) => _register.ChangeAsync<bool>(by, (ends, _) =>
    {
        var kept = ends.SelectMany(e => e.Copies).Select(c => (c.Id, c.Made)).ToHashSet();
        return ([.. copies.Where(c => !kept.Contains((c.Id, c.Made))).Select(c => new EndCopyKept(id, c.Id, c.Kind, c.Scope.Site?.Value, c.Scope.Camera?.Value, c.Scope.From, c.Scope.To, c.Made, c.By, c.Where, c.Until, c.Ended, c.How))], true);
    });

    /// <param name="name">As <see cref="Copies"/> names it; its id alone where that is enough.</param>
    /// <exception cref="FormatException">There is no such copy that has not ended, or it is not said how it ended.</exception>
    public Task EndCopyAsync(string name, string how, RegisterAuthor by)
    {
        if (CopyLedger.WhyNoEnd(how) is { } why) throw new FormatException(why);
        return _register.ChangeAsync<bool>(by, (ends, _) =>
        {
            var found = ends.SelectMany(e => e.Copies.Where(c => c.Ended is null && (c.Id == name || $"{e.Id}/{c.Id}" == name)).Select(c => new EndCopyEnded(e.Id, c.Id, how.Trim()))).Distinct().ToList();
            return found switch
            {
                [var one] => ([one], true),
                [] => throw new FormatException($"there is no copy {Core.Texts.PlainText.Of(name, 80)} that has not ended: trafficflow vault copies lists them"),
                _ => throw new FormatException($"which of them? {string.Join(", ", found.Select(f => $"{f.Id}/{f.Copy}"))}"),
            };
        });
    }

    private List<EndState> OnlyReported(IReadOnlyList<EndState> all)
    {
        try
        {
            return [.. Directory.EnumerateDirectories(Reports).Select(f => Path.GetFileName(f)).Where(id => all.All(e => e.Id != id) && File.Exists(ReportOf(id))).Select(Reported)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VaultFileException($"{Reports} cannot be read ({e.Message}): it tells which experiments were ended", e);
        }
    }

    private string ReportOf(string id) => Path.Combine(Reports, id, id + EndReportFile.Ending);

    private EndState Reported(string id)
    {
        try
        {
            return EndReportFile.Verify(PrivateFile.Read(ReportOf(id), SignedDocument.Longest) ?? [], _audit.PublicKeys()).End;
        }
        catch (FormatException e)
        {
            throw new VaultFileException($"{ReportOf(id)} is the report of an end that the register does not know, and is not genuine ({e.Message}): put back the folder custody as it was, or find out who has put the report there and take it away", e);
        }
    }

    private EndState Get(string id) => All.First(e => e.Id == id);

    private static ImmutableArray<EndState> Apply(ImmutableArray<EndState> ends, RegisterEntry<EndEvent> entry) => entry.Event switch
    {
        EndBegun e => ends.Add(new EndState(e.Id, e.Site is { } site ? new SiteId(site) : null, e.Reason, entry.By.Name, entry.By.Account, e.Approval, entry.Time, [], null)),
        EndStepDone e => With(ends, e.Id, s => s with { Steps = [.. s.Steps, new EndedStep(e.Step, entry.Time, e.Lines, e.Left)] }),
        EndDone e => With(ends, e.Id, s => s with { Ended = entry.Time }),
        EndCopyKept e => With(ends, e.Id, s => s with { Copies = s.Copies.Add(Copy(e)) }),
        EndCopyEnded e => With(ends, e.Id, s => s with { Copies = [.. s.Copies.Select(c => c.Id == e.Copy && c.Ended is null ? c with { Ended = entry.Time, How = e.How } : c)] }),
        _ => throw new InvalidOperationException($"no entry of the register of ends: {entry.Event.GetType().Name}"),
    };

    private static CopyEntry Copy(EndCopyKept e) => new(
        e.Copy, e.Of, new EraseScope(e.Site is { } site ? new SiteId(site) : null, e.Camera is { } camera ? new CameraId(camera) : null, e.From, e.To), e.Made, e.By, e.Where, e.Until, e.Ended, e.How);

    private static ImmutableArray<EndState> With(ImmutableArray<EndState> ends, string id, Func<EndState, EndState> change) => [.. ends.Select(e => e.Id == id ? change(e) : e)];
}
