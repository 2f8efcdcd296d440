using System.Collections.Immutable;

namespace TrafficFlow.Core.Sites.Editing;

/// <summary>What somebody draws on a site: the parts of its file that a picture shows. It may be wrong; the file's own reader says what is. Immutable.</summary>
public sealed record SiteDraft(ImmutableArray<ApproachDraft> Approaches, ImmutableArray<CameraDraft> Cameras)
{
    public CameraDraft? Find(string camera) => Cameras.FirstOrDefault(c => c.Id == camera);

    public SiteDraft With(CameraDraft camera) => this with { Cameras = [.. Cameras.Select(c => c.Id == camera.Id ? camera : c)] };

    public SiteDraft With(ApproachDraft approach) => this with { Approaches = DraftList.Put(Approaches, approach) };

    /// <summary>With a name that is free.</summary>
    public SiteDraft AddApproach()
    {
        var number = 1;
        while (Approaches.Any(a => a.Id == $"approach-{number}")) number++;
        return this with { Approaches = Approaches.Add(new ApproachDraft(DraftList.NewKey(Approaches), $"approach-{number}", $"approach-{number}")) };
    }

    /// <summary>Gates that named the approach mean nothing any more: a gate of an approach that is not there is wrong, and says so.</summary>
    public SiteDraft WithoutApproach(int key) => this with { Approaches = Approaches.RemoveAll(a => a.Key == key) };

    /// <summary>The gates that name an approach follow its new name.</summary>
    public SiteDraft RenameApproach(int key, string id)
    {
        if (Approaches.FirstOrDefault(a => a.Key == key) is not { } approach) return this;
        var (before, after) = (new ApproachId(approach.Id), new ApproachId(id));
        // Two of one name cannot be told apart: then gates stay with the other one.
        var isOnly = Approaches.Count(a => a.Id == approach.Id) == 1;
        GateMeaning? Renamed(GateMeaning? meaning) => isOnly && meaning?.Approach == before ? meaning with { Approach = after } : meaning;
        return this with
        {
            Approaches = DraftList.Put(Approaches, approach with { Id = id }),
            Cameras = [.. Cameras.Select(c => c with { Gates = [.. c.Gates.Select(g => g with { Forward = Renamed(g.Forward), Backward = Renamed(g.Backward) })] })],
        };
    }

    public bool Equals(SiteDraft? other) => other is not null && Approaches.SequenceEqual(other.Approaches) && Cameras.SequenceEqual(other.Cameras);

    public override int GetHashCode() => HashCode.Combine(Approaches.Length, Cameras.Length);

    /// <summary>The draft of a site as it is, for what a file says that gave this very site.</summary>
    public static SiteDraft Of(Site site) => new(
        [.. site.Approaches.Select((a, i) => new ApproachDraft(i, a.Id.Value, a.Name))],
        [
            .. site.Cameras.Select(c => new CameraDraft(
                c.Id.Value,
                [.. c.Masks.Select((m, i) => new MaskDraft(i, [.. m.Points]))],
                [.. c.Gates.Select((g, i) => new GateDraft(i, g.Id.Value, g.From, g.To, g.Forward, g.Backward))],
                [.. c.Ground.Select((g, i) => new GroundDraft(i, g.Image, g.EastMetres, g.NorthMetres))])),
        ]);
}

/// <summary>Lists of things with keys.</summary>
internal static class DraftList
{
    public static int NewKey<T>(ImmutableArray<T> items) where T : class, IDraftItem<T> => Math.Min(0, items.Select(i => i.Key).DefaultIfEmpty(0).Min()) - 1;

    /// <summary>In place of the one with its key, else behind the last.</summary>
    public static ImmutableArray<T> Put<T>(ImmutableArray<T> items, T item) where T : class, IDraftItem<T> =>
        items.Any(i => i.Key == item.Key) ? [.. items.Select(i => i.Key == item.Key ? item : i)] : items.Add(item);
}
