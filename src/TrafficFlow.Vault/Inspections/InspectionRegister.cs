using System.Collections.Immutable;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Texts;
using TrafficFlow.Vault.Registers;

namespace TrafficFlow.Vault.Inspections;

/// <summary>Inspections and what follows of them. Nothing is changed: a correction stands in the place of what it corrects, and both are kept. Pure.</summary>
public sealed record InspectionRegister(ImmutableArray<InspectionRecord> Records, ImmutableArray<FollowUp> FollowUps)
{
    public const int LongestFinding = 1_000;
    public const int LongestNote = 4_000;
    public const int MostFollowUps = 20;

    public static readonly InspectionRegister Empty = new([], []);

    /// <summary>Entered later, nobody remembers it well enough to sign it.</summary>
    public static readonly TimeSpan EnteredWithin = TimeSpan.FromDays(31);

    private static readonly TimeSpan s_clockTolerance = TimeSpan.FromMinutes(5);

    /// <exception cref="RegisterException">There is none of that id.</exception>
    public InspectionRecord Get(string id) => Records.FirstOrDefault(r => r.Id == id)
        ?? throw new RegisterException($"there is no inspection {PlainText.Of(id, 32)}{(Records.IsEmpty ? ": none is recorded yet" : $": the last one is {Records[^1].Id}")}");

    /// <summary>When a site was inspected last, of those that count. One that a wrong clock has dated ahead does not hide those that were made.</summary>
    public DateTimeOffset? Last(string site, InspectionKind kind, DateTimeOffset now) =>
        Records.Where(r => r.CorrectedBy is null && r.What.Site == site && r.What.Kind == kind && r.What.On <= now + s_clockTolerance).Select(r => (DateTimeOffset?)r.What.On).Max();

    public IEnumerable<FollowUp> Open => FollowUps.Where(f => f.Done is null);

    /// <param name="corrects">Id of the one that it stands in place of; null for a new one.</param>
    /// <param name="reason">Of the correction.</param>
    public InspectionMade Record(InspectionEntry entry, string? person, string? corrects, string? reason, DateTimeOffset now)
    {
        if (corrects is not null)
        {
            var wrong = Get(corrects);
            if (wrong.CorrectedBy is { } other) throw new RegisterException($"{wrong.Id} is corrected by {other} already: correct that one");
            if (wrong.What.Site != entry.Site || wrong.What.Kind != entry.Kind) throw new RegisterException($"{wrong.Id} is an inspection of another site or kind; nothing was entered");
            EntryText.Line(reason, "the reason of the correction", LongestFinding);
        }
        else if (now - entry.On > EnteredWithin)
        {
            throw new RegisterException($"an inspection of {entry.On.UtcDateTime:yyyy-MM-dd} is entered within {EnteredWithin.TotalDays:0} days: write in the note of a new one why none was entered");
        }

        if (entry.On > now + s_clockTolerance) throw new RegisterException($"the inspection would be of a time that comes ({entry.On.UtcDateTime:yyyy-MM-dd HH:mm}Z): is its date right, and this machine's clock?");
        var wanted = InspectionPlan.ItemsOf(entry.Kind);
        if (wanted.FirstOrDefault(i => entry.Items.Count(e => e.Item == i) != 1, (InspectionItem)(-1)) is var missing && missing >= 0) throw new RegisterException($"{missing} is not answered: each item is ok, not ok, or not applicable");
        if (entry.Items.Length != wanted.Length) throw new RegisterException("an item is answered that is not on the checklist; nothing was entered");
        ImmutableArray<InspectedItem> items = [.. entry.Items.Select(i => i with { Finding = EntryText.Lines(i.Finding, $"the finding of {i.Item}", LongestFinding) })];
        if (items.FirstOrDefault(i => i.Result == ItemResult.NotOk && i.Finding.Length == 0) is { } bare) throw new RegisterException($"{bare.Item} is not ok: write what was found");
        if (entry.FollowUps.Length > MostFollowUps) throw new RegisterException($"{MostFollowUps} follow-ups are the most of one inspection");
        ImmutableArray<FollowUpWanted> followUps = [.. entry.FollowUps.Select(f => f with { What = EntryText.Line(f.What, "what is to be done", LongestFinding) })];
        return new InspectionMade($"i{Records.Length + 1}", entry with { Items = items, Note = EntryText.Lines(entry.Note, "the note", LongestNote), FollowUps = followUps }, person, corrects, corrects is null ? null : reason!.Trim());
    }

    public FollowUpClosed Close(string id, string? done) => new(OpenOne(id).Id, EntryText.Line(done, "what was done", LongestFinding));

    public FollowUpMoved Move(string id, DateOnly due, string? reason) => new(OpenOne(id).Id, due, EntryText.Line(reason, "the reason", LongestFinding));

    public InspectionRegister Apply(RegisterEntry<InspectionEvent> entry) => entry.Event switch
    {
        InspectionMade e => Made(entry, e),
        FollowUpClosed e => With(e.Id, f => f with { Done = e.Done, ClosedBy = entry.By, ClosedAt = entry.Time }),
        FollowUpMoved e => With(e.Id, f => f with { Due = e.Due }),
        _ => throw new InvalidOperationException($"no entry of the register of inspections: {entry.Event.GetType().Name}"),
    };

    private InspectionRegister Made(RegisterEntry<InspectionEvent> entry, InspectionMade e)
    {
        var records = e.Corrects is { } wrong ? [.. Records.Select(r => r.Id == wrong ? r with { CorrectedBy = e.Id } : r)] : Records;
        // What is still to be done stays to be done, whichever record tells of it.
        var number = FollowUps.Length;
        return new InspectionRegister(
            records.Add(new InspectionRecord(e.Id, e.What, entry.By, e.Person, entry.Time, entry.Hash, entry.Key, e.Corrects, e.Reason)),
            [.. FollowUps, .. e.What.FollowUps.Select(f => new FollowUp($"f{++number}", e.Id, e.What.Site, f.Item, f.What, f.Due))]);
    }

    private FollowUp OpenOne(string id)
    {
        var found = FollowUps.FirstOrDefault(f => f.Id == id) ?? throw new RegisterException($"there is no follow-up {PlainText.Of(id, 32)}; nothing was entered");
        return found.Done is null ? found : throw new RegisterException($"{found.Id} was closed on {found.ClosedAt!.Value.UtcDateTime:yyyy-MM-dd} already; nothing was entered");
    }

    private InspectionRegister With(string id, Func<FollowUp, FollowUp> change) => this with { FollowUps = [.. FollowUps.Select(f => f.Id == id ? change(f) : f)] };
}
