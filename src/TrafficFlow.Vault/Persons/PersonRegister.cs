using System.Collections.Immutable;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Texts;
using TrafficFlow.Vault.Registers;

namespace TrafficFlow.Vault.Persons;

/// <summary>Who has which duty, and had. Pure: a command makes an event or throws <see cref="RegisterException"/>, an event makes the next register.</summary>
public sealed record PersonRegister(ImmutableArray<Appointment> Appointments)
{
    public const int LongestName = 100;
    public const int LongestReason = 500;

    public static readonly PersonRegister Empty = new([]);

    /// <exception cref="RegisterException">There is none, or more than one of that account.</exception>
    public Appointment Get(string id)
    {
        if (Appointments.FirstOrDefault(a => a.Id == id) is { } found) return found;
        var ofAccount = Appointments.Where(a => a.Account == id && a.Dismissal is not { TookEffectAt: not null }).ToList();
        return ofAccount switch
        {
            [var only] => only,
            [] => throw new RegisterException($"there is no appointment {PlainText.Of(id, 64)}{(Appointments.IsEmpty ? ": nobody is appointed yet" : $": there are {string.Join(", ", Appointments.TakeLast(20).Select(a => $"{a.Id} ({a.Person})"))}")}"),
            _ => throw new RegisterException($"{id} has {ofAccount.Count} appointments: name one of {string.Join(", ", ofAccount.Select(a => a.Id))}"),
        };
    }

    /// <summary>Whose account it is, as it was appointed last; null for an account that is nobody's here.</summary>
    public string? PersonOf(string account) => Appointments.LastOrDefault(a => a.Account == account)?.Person;

    /// <summary>Who has logged in with this account, if that is somebody who has a duty now; null for nobody.</summary>
    public AppointedPerson? Appointed(RegisterAuthor author, DateTimeOffset now)
    {
        if (!author.IsLoggedIn) return null;
        var inForce = Appointments.Where(a => a.Account == author.Name && a.IsInForce(now)).ToList();
        return inForce.Count == 0 ? null : new AppointedPerson(inForce[^1].Person, inForce.Any(a => a.Duty == Duty.Custodian));
    }

    /// <summary>All its appointments that have begun have ended, and their end was carried out. One that is still to come lets nobody in before its day.</summary>
    public bool IsDismissed(string account, DateTimeOffset now)
    {
        var own = Appointments.Where(a => a.Account == account).ToList();
        return own.Any(a => a.State(now) == AppointmentState.Dismissed) && own.All(a => a.State(now) is AppointmentState.Dismissed or AppointmentState.Coming);
    }

    /// <summary>Somebody has a duty with it now.</summary>
    public bool IsInForce(string account, DateTimeOffset now) => Appointments.Any(a => a.Account == account && a.IsInForce(now));

    /// <summary>To be carried out now.</summary>
    public ImmutableArray<Appointment> Due(DateTimeOffset now) => [.. Appointments.Where(a => a.Dismissal is { TookEffectAt: null } d && d.Effective <= now)];

    public PersonAppointed Appoint(string? person, string? account, Duty duty, DateTimeOffset from)
    {
        var name = EntryText.Line(person, "the person's name", LongestName);
        var own = string.IsNullOrWhiteSpace(account) ? null : account.Trim();
        if (own is not null && !NameRule.IsChosen(own)) throw new RegisterException($"\"{PlainText.Of(own, 64)}\" is no name of an account: {NameRule.Remedy}");
        if (Appointments.FirstOrDefault(a => a.Duty == duty && a.Dismissal is not { TookEffectAt: not null } && !(a.Dismissal?.Effective <= from) && (own is null ? a.Account is null && a.Person == name : a.Account == own)) is { } same)
            throw new RegisterException(same.Dismissal is { TookEffectAt: null } d
                ? $"{same.Person} ({same.Id}) is to be dismissed on {d.Effective.UtcDateTime:yyyy-MM-dd HH:mm}Z: withdraw that, or appoint anew from then on"
                : $"{same.Person} is appointed for this already ({same.Id}); nothing was entered");
        if (own is not null && PersonOf(own) is { } other && other != name)
            throw new RegisterException($"the account {own} is {other}'s: an account is of one person for good; make {name} one of its own (trafficflow account add)");
        return new PersonAppointed($"a{Appointments.Length + 1}", name, own, duty, from);
    }

    /// <param name="effective">Null for at once.</param>
    public PersonDismissed Dismiss(string id, DateTimeOffset? effective, string? reason, DateTimeOffset now)
    {
        var found = Get(id);
        if (found.Dismissal is { TookEffectAt: { } at }) throw new RegisterException($"{found.Person} ({found.Id}) was dismissed on {at.UtcDateTime:yyyy-MM-dd HH:mm}Z already; nothing was entered");
        var when = effective is { } day && day > now ? day : now;
        if (found.Dismissal is { } coming && when >= coming.Effective) throw new RegisterException($"{found.Person} ({found.Id}) is to be dismissed on {coming.Effective.UtcDateTime:yyyy-MM-dd HH:mm}Z already: withdraw that first for a later day");
        if (found.Duty == Duty.Custodian && !Appointments.Any(a => a.Id != found.Id && a.Duty == Duty.Custodian && IsAnother(a, found) && a.From <= when && (a.Dismissal is null || a.Dismissal.TookEffectAt is null && a.Dismissal.Effective > when)))
            throw new RegisterException($"{found.Person} would be the last custodian on {when.UtcDateTime:yyyy-MM-dd HH:mm}Z: appoint another person first, from that day at the latest (管理責任者は必ず1名以上)");
        return new PersonDismissed(found.Id, when, EntryText.Line(reason, "the reason", LongestReason));
    }

    public DismissalWithdrawn Withdraw(string id, string? reason, DateTimeOffset now)
    {
        var found = Get(id);
        if (found.Dismissal is not { TookEffectAt: null } coming) throw new RegisterException($"{found.Person} ({found.Id}) has no dismissal that is still to come; nothing was entered");
        if (coming.Effective <= now) throw new RegisterException($"the dismissal of {found.Person} ({found.Id}) is in force since {coming.Effective.UtcDateTime:yyyy-MM-dd HH:mm}Z: it is not withdrawn; appoint the person anew");
        return new DismissalWithdrawn(found.Id, EntryText.Line(reason, "the reason", LongestReason));
    }

    public PersonRegister Apply(RegisterEntry<PersonEvent> entry) => entry.Event switch
    {
        PersonAppointed e => this with { Appointments = Appointments.Add(new Appointment(e.Id, e.Person, e.Account, e.Duty, e.From, entry.By, entry.Time)) },
        PersonDismissed e => With(e.Id, a => a with { Dismissal = new Dismissal(e.Effective, e.Reason, entry.By, entry.Time) }),
        DismissalWithdrawn e => With(e.Id, a => a with { Dismissal = null }),
        DismissalTookEffect e => With(e.Id, a => a with { Dismissal = a.Dismissal! with { TookEffectAt = entry.Time } }),
        _ => throw new InvalidOperationException($"no entry of the register of persons: {entry.Event.GetType().Name}"),
    };

    /// <summary>Accounts whose persons have been dismissed and have no duty any more, each with its last dismissal.</summary>
    public IEnumerable<Appointment> Dismissed(DateTimeOffset now) =>
        Appointments.Where(a => a.Account is { } account && a.Dismissal is { TookEffectAt: not null } && IsDismissed(account, now)).GroupBy(a => a.Account).Select(g => g.MaxBy(a => a.Dismissal!.EnteredAt)!);

    /// <summary>管理 花子 and 管理　花子 are one person.</summary>
    internal static bool IsSamePerson(string a, string b) => a.Where(c => !char.IsWhiteSpace(c)).SequenceEqual(b.Where(c => !char.IsWhiteSpace(c)));

    private static bool IsAnother(Appointment a, Appointment b) => a.Person != b.Person && (a.Account is null || a.Account != b.Account);

    private PersonRegister With(string id, Func<Appointment, Appointment> change) => this with { Appointments = [.. Appointments.Select(a => a.Id == id ? change(a) : a)] };
}
