namespace TrafficFlow.Core.Custody;

/// <summary>What is kept, each kind for a time of its own.</summary>
public enum KeptKind
{
    /// <summary>Recorded pictures, anonymized and encrypted.</summary>
    Pictures = 0,

    /// <summary>Ways of single vehicles over the junction.</summary>
    Journeys = 1,

    /// <summary>Flow bins and what is computed from them.</summary>
    Counts = 2,

    /// <summary>Who did what.</summary>
    Audit = 3,

    /// <summary>Accounts of persons who can sign in no more.</summary>
    Accounts = 4,
}

/// <summary>How long one kind is kept: until the earlier of both ends; without either, as long as the node keeps it.</summary>
/// <param name="MaxAge">From the event time of what is kept.</param>
/// <param name="KeepUntil">The last day on which it is kept, by the calendar of the site.</param>
public readonly record struct KeepRule(TimeSpan? MaxAge, DateOnly? KeepUntil)
{
    public bool IsLimited => MaxAge is not null || KeepUntil is not null;

    /// <summary>When what was born at <paramref name="eventTime"/> must be gone; null for no limit.</summary>
    public DateTimeOffset? EndOf(DateTimeOffset eventTime, TimeZoneInfo zone)
    {
        // An age beyond the calendar's end is none.
        DateTimeOffset? byAge = MaxAge is { } age && age < DateTimeOffset.MaxValue - eventTime ? eventTime + age : null;
        var byDate = LastMoment(zone);
        return byAge is { } a && byDate is { } d ? (a < d ? a : d) : byAge ?? byDate;
    }

    /// <summary>Whether what was born at <paramref name="eventTime"/> must be gone by <paramref name="now"/>.</summary>
    public bool IsOver(DateTimeOffset eventTime, DateTimeOffset now, TimeZoneInfo zone) => EndOf(eventTime, zone) is { } end && now >= end;

    /// <summary>What was born before this must be gone by <paramref name="now"/>; null where nothing must.</summary>
    public DateTimeOffset? OverBefore(DateTimeOffset now, TimeZoneInfo zone)
    {
        DateTimeOffset? byAge = MaxAge is { } age && age < now - DateTimeOffset.MinValue ? now - age : null;
        // What comes in after the last day was over when it came.
        return LastMoment(zone) is { } last && now >= last ? now : byAge;
    }

    /// <summary>
    /// The same of what is kept for several sites together, as the audit and the accounts of a node: after the last day of one of them that is gone which was born by then. What comes later is of the others.
    /// </summary>
    public DateTimeOffset? SharedOverBefore(DateTimeOffset now, TimeZoneInfo zone)
    {
        DateTimeOffset? byAge = MaxAge is { } age && age < now - DateTimeOffset.MinValue ? now - age : null;
        return LastMoment(zone) is { } last && now >= last && !(byAge > last) ? last : byAge;
    }

    /// <summary>For people: "14 days, until 2027-03-31".</summary>
    public override string ToString() => (MaxAge, KeepUntil) switch
    {
        (null, null) => "no limit",
        ({ } age, null) => TextOf(age),
        (null, { } last) => $"until {last:yyyy-MM-dd}",
        ({ } age, { } last) => $"{TextOf(age)}, until {last:yyyy-MM-dd}",
    };

    private static string TextOf(TimeSpan age) => age < TimeSpan.FromDays(2)
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{age.TotalHours:0.#} hours")
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{age.TotalDays:0.#} days");

    /// <summary>The end of the last day; the first instant after it is no longer within.</summary>
    private DateTimeOffset? LastMoment(TimeZoneInfo zone)
    {
        if (KeepUntil is not { } day || day == DateOnly.MaxValue) return null;
        var midnight = day.AddDays(1).ToDateTime(TimeOnly.MinValue);
        // Where clocks are put forward at midnight there is none: the day begins an hour later.
        while (zone.IsInvalidTime(midnight)) midnight = midnight.AddMinutes(30);
        return new DateTimeOffset(midnight, zone.GetUtcOffset(midnight));
    }
}

/// <summary>How long each kind is kept.</summary>
public sealed record RetentionPolicy(KeepRule Pictures, KeepRule Journeys, KeepRule Counts, KeepRule Audit, KeepRule Accounts)
{
    public static RetentionPolicy Unlimited { get; } = new(default, default, default, default, default);

    public KeepRule Of(KeptKind kind) => kind switch
    {
        KeptKind.Pictures => Pictures,
        KeptKind.Journeys => Journeys,
        KeptKind.Counts => Counts,
        KeptKind.Audit => Audit,
        KeptKind.Accounts => Accounts,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such kind"),
    };
}
