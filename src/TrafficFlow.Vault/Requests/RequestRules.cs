using TrafficFlow.Vault.Workdays;

namespace TrafficFlow.Vault.Requests;

/// <summary>The terms of requests.</summary>
/// <param name="Days">For an answer, from the day after the receipt.</param>
/// <param name="CountsWorkdays">Working days; else days of the calendar, and an end on a free day is put off to the next working day.</param>
/// <param name="KeepContact">Names and addresses of requesters are deleted so long after the request was closed.</param>
public sealed record RequestRules(int Days, bool CountsWorkdays, TimeSpan KeepContact)
{
    public static readonly RequestRules Default = new(30, CountsWorkdays: false, TimeSpan.FromDays(180));

    public DateOnly DueOf(DateOnly receivedOn, WorkCalendar calendar) => CountsWorkdays ? calendar.Add(receivedOn, Days) : calendar.AtOrAfter(receivedOn.AddDays(Days));
}
