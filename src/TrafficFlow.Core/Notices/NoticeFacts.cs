using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Privacy;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Notices;

/// <param name="Since">The day of the appointment; null where it is not told.</param>
public sealed record NoticePerson(string Name, Duty Duty, DateOnly? Since = null);

/// <summary>One version of a notice that was published, or is about to be.</summary>
/// <param name="Number">From 1.</param>
public readonly record struct NoticeEdition(int Number, DateOnly Day);

/// <summary>All that the notices of one installation are made of.</summary>
/// <param name="Site">With a custody section.</param>
/// <param name="Heights">How large plates and faces are in the pictures, of each camera.</param>
/// <param name="Persons">Appointed at present; empty where nobody has told them.</param>
public sealed record NoticeFacts(Site Site, IReadOnlyList<LargestHeights> Heights, IReadOnlyList<NoticePerson> Persons)
{
    /// <summary>Null for a draft.</summary>
    public NoticeEdition? Edition { get; init; }

    public CustodyPolicy Custody => Site.Custody ?? throw new InvalidOperationException($"the site file of {Site.Id} says nothing of custody");

    public IEnumerable<NoticePerson> In(Duty duty) => Persons.Where(p => p.Duty == duty);

    /// <param name="persons">In any order.</param>
    public static NoticeFacts Of(Site site, IReadOnlyList<NoticePerson> persons) =>
        new(site, [.. site.Cameras.Select(PictureCheck.Of)], [.. persons.OrderBy(p => p.Duty).ThenBy(p => p.Since).ThenBy(p => p.Name, StringComparer.Ordinal)]);
}
