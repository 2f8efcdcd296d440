using System.Collections.Immutable;
using TrafficFlow.Core.Workdays;

namespace TrafficFlow.Core.Custody;

/// <summary>Why somebody inspects.</summary>
public enum InspectionKind
{
    /// <summary>Every two weeks, at the cameras, when the disk is carried.</summary>
    HandCarry = 0,

    /// <summary>Each working day, where what is recorded is looked at from afar.</summary>
    Remote = 1,
}

/// <summary>What is looked at. Each stands in every record of its kind: looked at, or why not.</summary>
public enum InspectionItem
{
    Lens,
    Housing,
    Sign,
    WireLock,
    Disk,
    PrivacyFilter,
    Clock,
    Masks,
    DiskEncryption,
    FreeSpace,

    /// <summary>The way of the pictures from the cameras.</summary>
    LinkEncryption,
}

/// <summary>How often a site is inspected.</summary>
/// <param name="EachDays">1 to 366 days at most from one to the next; null for each working day.</param>
/// <param name="From">The first one is due then.</param>
public sealed record InspectionPlan(string Site, InspectionKind Kind, int? EachDays, DateOnly From)
{
    private static readonly ImmutableArray<InspectionItem> s_remote =
        [InspectionItem.PrivacyFilter, InspectionItem.Clock, InspectionItem.Masks, InspectionItem.DiskEncryption, InspectionItem.LinkEncryption, InspectionItem.FreeSpace];

    private static readonly ImmutableArray<InspectionItem> s_onSite = [InspectionItem.Lens, InspectionItem.Housing, InspectionItem.Sign, InspectionItem.WireLock, InspectionItem.Disk, .. s_remote];

    /// <summary>The checklist: from afar nobody sees housings, signs and locks.</summary>
    public static ImmutableArray<InspectionItem> ItemsOf(InspectionKind kind) => kind == InspectionKind.HandCarry ? s_onSite : s_remote;

    /// <summary>What is due. Pure.</summary>
    /// <param name="last">The day of the last inspection of this kind; null for none.</param>
    /// <param name="today">Of the site's clock.</param>
    public InspectionDue Next(DateOnly? last, DateOnly today, WorkCalendar calendar)
    {
        // One that was made before the plan began, or that a wrong clock has dated into the future, moves nothing.
        var before = last is { } day && day <= today ? day : (DateOnly?)null;
        DateOnly due;
        if (EachDays is { } days)
        {
            var latest = before is { } done && done >= WorkCalendar.Later(From, -days) ? WorkCalendar.Later(done, days) : From;
            // Never later than that: over holidays it is made before them.
            due = calendar.AtOrBefore(latest) is var workday && (before is null || workday > before) ? workday : latest;
        }
        else
        {
            due = calendar.AtOrAfter(before is { } done && WorkCalendar.Later(done, 1) > From ? WorkCalendar.Later(done, 1) : From);
        }

        var missed = EachDays is null ? calendar.Count(due, today) : 0;
        var standing = today > due ? InspectionStanding.Overdue : today == due ? InspectionStanding.Due
            : EachDays is not null && calendar.Add(today, 3) >= due ? InspectionStanding.Soon : InspectionStanding.Later;
        return new InspectionDue(this, due, standing, missed, last);
    }
}

public enum InspectionStanding
{
    Later,

    /// <summary>Within three working days.</summary>
    Soon,
    Due,
    Overdue,
}

/// <param name="Missed">Working days that passed without one, where each should have one.</param>
/// <param name="Last">The day of the last one; null for none.</param>
public sealed record InspectionDue(InspectionPlan Plan, DateOnly Due, InspectionStanding Standing, int Missed, DateOnly? Last);
