using System.Collections.Immutable;
using System.Globalization;
using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Core.Sites.Editing;

public enum DraftPart
{
    Approach = 0,
    Mask = 1,
    Gate = 2,
    Ground = 3,
}

public enum ChangedField
{
    /// <summary>It was added: there is no before.</summary>
    Added = 0,

    /// <summary>It was removed: there is no after.</summary>
    Removed = 1,
    Name = 2,
    Place = 3,
    Forward = 4,
    Backward = 5,
    Metres = 6,
}

/// <summary>One field that differs between two drafts, for people.</summary>
/// <param name="Camera">Null for an approach.</param>
/// <param name="Key">Of the thing.</param>
/// <param name="Name">Of the thing as it was, or is where it was not there: a gate's, an approach's; a mask's or a point's number, from 1.</param>
/// <param name="Before">As the file has it; empty for none.</param>
/// <param name="After">The same.</param>
public sealed record SiteChange(DraftPart Part, string? Camera, int Key, string Name, ChangedField Field, string Before, string After);

/// <summary>What differs between two drafts whose keys mean the same.</summary>
public static class SiteDiff
{
    public static ImmutableArray<SiteChange> Of(SiteDraft before, SiteDraft after) =>
    [
        .. Each(before.Approaches, after.Approaches, DraftPart.Approach, null, a => a.Id, (a, b) => [(ChangedField.Name, a.Id, b.Id), (ChangedField.Name, a.Name, b.Name)], a => a.Name == a.Id ? a.Id : $"{a.Id} ({a.Name})"),
        .. after.Cameras.SelectMany(camera => before.Find(camera.Id) is { } old ? OfCamera(old, camera) : []),
    ];

    /// <summary>What a gate's crossing means, as the file has it; empty for nothing.</summary>
    public static string Write(GateMeaning? meaning) => meaning is null ? "" : $"{(meaning.Role == GateRole.Enters ? "enters" : "exits")} = {meaning.Approach}";

    public static string Write(PicturePoint point) => string.Create(CultureInfo.InvariantCulture, $"[{point.X:0.####}, {point.Y:0.####}]");

    private static IEnumerable<SiteChange> OfCamera(CameraDraft before, CameraDraft after) =>
    [
        .. Each(before.Masks, after.Masks, DraftPart.Mask, after.Id, null, (a, b) => [(ChangedField.Place, Write(a.Points), Write(b.Points))], m => Write(m.Points)),
        .. Each(before.Gates, after.Gates, DraftPart.Gate, after.Id, g => g.Id, (a, b) =>
        [
            (ChangedField.Name, a.Id, b.Id), (ChangedField.Place, Place(a), Place(b)), (ChangedField.Forward, Write(a.Forward), Write(b.Forward)), (ChangedField.Backward, Write(a.Backward), Write(b.Backward)),
        ], Place),
        .. Each(before.Ground, after.Ground, DraftPart.Ground, after.Id, null, (a, b) => [(ChangedField.Place, Write(a.Image), Write(b.Image)), (ChangedField.Metres, Metres(a), Metres(b))], g => $"{Write(g.Image)}, {Metres(g)}"),
    ];

    private static IEnumerable<SiteChange> Each<T>(
        ImmutableArray<T> before, ImmutableArray<T> after, DraftPart part, string? camera, Func<T, string>? name, Func<T, T, IReadOnlyList<(ChangedField, string, string)>> fields, Func<T, string> whole)
        where T : class, IDraftItem<T>
    {
        foreach (var (old, i) in before.Select((o, i) => (o, i)))
        {
            var called = name?.Invoke(old) ?? $"{i + 1}";
            if (after.FirstOrDefault(a => a.Key == old.Key) is not { } now)
            {
                yield return new SiteChange(part, camera, old.Key, called, ChangedField.Removed, whole(old), "");
                continue;
            }

            foreach (var (field, was, isNow) in fields(old, now))
            {
                if (was != isNow) yield return new SiteChange(part, camera, old.Key, called, field, was, isNow);
            }
        }

        foreach (var (added, i) in after.Select((a, i) => (a, i)))
        {
            if (before.Any(b => b.Key == added.Key)) continue;
            yield return new SiteChange(part, camera, added.Key, name?.Invoke(added) ?? $"{i + 1}", ChangedField.Added, "", whole(added));
        }
    }

    private static string Place(GateDraft gate) => $"{Write(gate.From)} – {Write(gate.To)}";

    private static string Write(ImmutableArray<PicturePoint> points) => string.Join(", ", points.Select(Write));

    private static string Metres(GroundDraft point) => string.Create(CultureInfo.InvariantCulture, $"{point.EastMetres:0.###} m E, {point.NorthMetres:0.###} m N");
}
