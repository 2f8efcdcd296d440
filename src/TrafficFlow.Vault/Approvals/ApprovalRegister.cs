using System.Collections.Immutable;
using TrafficFlow.Core.Texts;
using TrafficFlow.Vault.Persons;
using TrafficFlow.Vault.Registers;

namespace TrafficFlow.Vault.Approvals;

/// <summary>Requests for the second person, and their answers. Pure: a command makes an event or throws <see cref="RegisterException"/>, an event makes the next register.</summary>
public sealed record ApprovalRegister(ImmutableArray<Approval> Approvals)
{
    public const int LongestDescription = 4_000;
    public const int LongestReason = 500;

    /// <summary>A clock that stands further before an approval than that is wrong.</summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);

    public static readonly ApprovalRegister Empty = new([]);

    /// <exception cref="RegisterException">There is none of that id.</exception>
    public Approval Get(string id) => Approvals.FirstOrDefault(a => a.Id == id)
        ?? throw new RegisterException($"there is no request {PlainText.Of(id, 32)}{(Approvals.IsEmpty ? "" : $": the last one is {Approvals[^1].Id}")}");

    public ApprovalRequested Request(ApprovalKind kind, string? description, RegisterAuthor by, AppointedPerson? person, ApprovalRules rules, DateTimeOffset now)
    {
        var name = NameOf(by, person);
        var text = EntryText.Lines(description, "the description", LongestDescription);
        if (text.Length == 0) throw new RegisterException("the description is missing: what exactly is to be done? Nothing was entered");
        var hash = Approval.HashOf(text);
        if (Approvals.FirstOrDefault(a => a.Kind == kind && a.Sha256 == hash && IsSame(a.By, a.Person, by, name) && a.StateAt(now) is ApprovalState.Requested or ApprovalState.Approved) is { } open)
            throw new RegisterException(open.State == ApprovalState.Requested ? $"just this is requested already ({open.Id}): another person has to approve it" : $"just this is approved already ({open.Id}): it may be done until {open.ValidUntil!.Value.UtcDateTime:yyyy-MM-dd HH:mm}Z");
        return new ApprovalRequested($"r{Approvals.Length + 1}", kind, text, hash, name, now + rules.OpenFor);
    }

    /// <param name="sha256">Of what the approving person was shown.</param>
    public ApprovalGiven Approve(string id, string? sha256, RegisterAuthor by, AppointedPerson? person, ApprovalRules rules, DateTimeOffset now)
    {
        var asked = Open(id, now);
        if (IsSame(asked.By, asked.Person, by, person?.Name)) throw new RegisterException($"{asked.Person ?? asked.By.Name} has requested this: another person has to approve it");
        if (sha256 != asked.Sha256) throw new RegisterException($"what was shown is not what {asked.Id} is: open the page anew, and read what is requested");
        return new ApprovalGiven(asked.Id, asked.Sha256, CustodianOf(by, person), now + rules.ValidFor);
    }

    public ApprovalRefused Refuse(string id, string? reason, RegisterAuthor by, AppointedPerson? person, DateTimeOffset now) => new(Open(id, now).Id, EntryText.Line(reason, "the reason", LongestReason), CustodianOf(by, person));

    /// <summary>By whoever asked, approved or not.</summary>
    public ApprovalWithdrawn Withdraw(string id, string? reason, RegisterAuthor by, AppointedPerson? person, DateTimeOffset now)
    {
        var asked = Get(id);
        if (asked.StateAt(now) is not (ApprovalState.Requested or ApprovalState.Approved)) throw Over(asked, now);
        if (!IsSame(asked.By, asked.Person, by, person?.Name)) throw new RegisterException($"{asked.Id} is withdrawn by whoever requested it ({asked.Person ?? asked.By.Name}); another person refuses it");
        return new ApprovalWithdrawn(asked.Id, EntryText.Line(reason, "the reason", LongestReason));
    }

    /// <summary>The newest of these requests that decides; null where nobody has asked.</summary>
    public Approval? Find(ApprovalKind kind, string description, RegisterAuthor by, AppointedPerson? person)
    {
        var name = NameOf(by, person);
        var hash = Approval.HashOf(description.ReplaceLineEndings("\n").Trim());
        return Approvals.LastOrDefault(a => a.Kind == kind && a.Sha256 == hash && IsSame(a.By, a.Person, by, name));
    }

    /// <summary>To be entered as lapsed.</summary>
    public ImmutableArray<ApprovalEvent> Lapsing(DateTimeOffset now) => [.. Approvals.Where(a => a.State is ApprovalState.Requested or ApprovalState.Approved && a.StateAt(now) == ApprovalState.Lapsed).Select(a => new ApprovalLapsed(a.Id))];

    public ApprovalRegister Apply(RegisterEntry<ApprovalEvent> entry) => entry.Event switch
    {
        ApprovalRequested e => new ApprovalRegister(Approvals.Add(new Approval(e.Id, e.Deed, e.Description, e.Sha256, entry.By, e.Person, entry.Time, e.OpenUntil))),
        ApprovalGiven e => With(e.Id, a => a with { State = ApprovalState.Approved, AnsweredBy = entry.By, AnsweredByPerson = e.Person, AnsweredAt = entry.Time, ValidUntil = e.ValidUntil }),
        ApprovalRefused e => With(e.Id, a => a with { State = ApprovalState.Refused, AnsweredBy = entry.By, AnsweredByPerson = e.Person, AnsweredAt = entry.Time, Reason = e.Reason }),
        ApprovalWithdrawn e => With(e.Id, a => a with { State = ApprovalState.Withdrawn, Reason = e.Reason }),
        ApprovalLapsed e => With(e.Id, a => a with { State = ApprovalState.Lapsed }),
        ApprovalUsed e => With(e.Id, a => a with { State = ApprovalState.Used, UsedAt = entry.Time }),
        ApprovalReturned e => With(e.Id, a => a with { State = ApprovalState.Approved, UsedAt = null }),
        ApprovedDeedEnded e => With(e.Id, a => a with { Outcome = e.Outcome }),
        _ => throw new InvalidOperationException($"no entry of the register of approvals: {entry.Event.GetType().Name}"),
    };

    /// <summary>One person with two accounts is one person.</summary>
    internal static bool IsSame(RegisterAuthor a, string? personOfA, RegisterAuthor b, string? personOfB) =>
        a.Name == b.Name || (personOfA is not null && personOfB is not null && Letters(personOfA) == Letters(personOfB));

    /// <summary>管理 花子 and 管理　花子 are one person.</summary>
    private static string Letters(string name) => string.Concat(name.Where(c => !char.IsWhiteSpace(c)));

    private static string NameOf(RegisterAuthor by, AppointedPerson? person) => person?.Name ?? throw new RegisterException(
        by.IsLoggedIn ? $"{by.Name} is the account of nobody who has a duty now: what takes two persons is asked for, approved and done by persons of the register (page Persons, trafficflow custody person appoint)"
            : $"{by.Account} is an account of the machine and no person: what takes two persons is asked for, approved and done by persons of the register, who log in (--as ACCOUNT, or the page Custody)");

    private static string CustodianOf(RegisterAuthor by, AppointedPerson? person) =>
        NameOf(by, person) is var name && person!.IsCustodian ? name : throw new RegisterException($"{name} is no custodian now: a custodian (管理責任者) approves or refuses");

    private Approval Open(string id, DateTimeOffset now)
    {
        var asked = Get(id);
        return asked.StateAt(now) == ApprovalState.Requested ? asked : throw Over(asked, now);
    }

    private static RegisterException Over(Approval asked, DateTimeOffset now) => new($"{asked.Id} is {asked.StateAt(now).ToString().ToLowerInvariant()} already; nothing was entered");

    private ApprovalRegister With(string id, Func<Approval, Approval> change) => new([.. Approvals.Select(a => a.Id == id ? change(a) : a)]);
}
