using System.Collections.Immutable;

namespace TrafficFlow.Core.Sites.Editing;

/// <summary>Something that two people changed, each otherwise.</summary>
/// <param name="Camera">Null for an approach.</param>
/// <param name="Name">As <see cref="SiteChange.Name"/>.</param>
public sealed record DraftConflict(DraftPart Part, string? Camera, string Name);

/// <summary>A draft on top of another version of its file.</summary>
/// <param name="Draft">Its keys are places in the other version. Where there are conflicts it has what was asked for.</param>
/// <param name="TheirDraft">The version, as it would be in terms of the one that the draft began from: for what the others changed.</param>
public sealed record RebasedDraft(SiteDraft Draft, SiteDraft TheirDraft, ImmutableArray<DraftConflict> Conflicts);

/// <summary>
/// Puts what one person changed onto what another one saved meanwhile, thing by thing: whatever only one of them touched is as that one left it; what both changed, each otherwise,
/// is a conflict that a person decides.
/// </summary>
public static class DraftRebase
{
    /// <param name="began">The version that <paramref name="mine"/> began from.</param>
    /// <param name="theirs">The version of now.</param>
    /// <param name="prefersMine">What is taken where both changed a thing.</param>
    public static RebasedDraft Rebase(SiteDraft began, SiteDraft mine, SiteDraft theirs, bool prefersMine)
    {
        var conflicts = ImmutableArray.CreateBuilder<DraftConflict>();
        var (approaches, theirApproaches) = Merge(began.Approaches, mine.Approaches, theirs.Approaches, prefersMine, (_, a) => conflicts.Add(new DraftConflict(DraftPart.Approach, null, a.Id)));
        var (cameras, theirCameras) = (ImmutableArray.CreateBuilder<CameraDraft>(), ImmutableArray.CreateBuilder<CameraDraft>());
        // A camera that went, or came, does so in the file alone: nobody draws one here.
        foreach (var their in theirs.Cameras)
        {
            if (began.Find(their.Id) is not { } old || mine.Find(their.Id) is not { } own)
            {
                cameras.Add(their);
                continue;
            }

            var (masks, theirMasks) = Merge(old.Masks, own.Masks, their.Masks, prefersMine, (i, _) => conflicts.Add(new DraftConflict(DraftPart.Mask, their.Id, $"{i + 1}")));
            var (gates, theirGates) = Merge(old.Gates, own.Gates, their.Gates, prefersMine, (_, g) => conflicts.Add(new DraftConflict(DraftPart.Gate, their.Id, g.Id)));
            var (ground, theirGround) = Merge(old.Ground, own.Ground, their.Ground, prefersMine, (i, _) => conflicts.Add(new DraftConflict(DraftPart.Ground, their.Id, $"{i + 1}")));
            cameras.Add(their with { Masks = masks, Gates = gates, Ground = ground });
            theirCameras.Add(their with { Masks = theirMasks, Gates = theirGates, Ground = theirGround });
        }

        return new RebasedDraft(new SiteDraft(approaches, cameras.ToImmutable()), new SiteDraft(theirApproaches, theirCameras.ToImmutable()), conflicts.ToImmutable());
    }

    /// <returns>The merged list with the keys of <paramref name="theirs"/>, and theirs with the keys of <paramref name="began"/>.</returns>
    private static (ImmutableArray<T> Merged, ImmutableArray<T> Theirs) Merge<T>(ImmutableArray<T> began, ImmutableArray<T> mine, ImmutableArray<T> theirs, bool prefersMine, Action<int, T> conflict)
        where T : class, IDraftItem<T>
    {
        var keys = Match(began, theirs);
        var (merged, rekeyed) = (new List<T>(), new List<T>());
        var free = Math.Min(DraftList.NewKey(theirs), DraftList.NewKey(mine));
        foreach (var their in theirs)
        {
            var place = keys.GetValueOrDefault(their.Key, -1);
            if (place < 0)
            {
                // They added it. The same, added by both, is one.
                merged.Add(their);
                rekeyed.Add(their.WithKey(free--));
                continue;
            }

            var old = began[place];
            rekeyed.Add(their.WithKey(old.Key));
            var own = mine.FirstOrDefault(m => m.Key == old.Key);
            var (isMine, isTheirs) = (own is null || !own.SaysSame(old), !their.SaysSame(old));
            if (isMine && isTheirs && (own is null || !own.SaysSame(their)))
            {
                conflict(place, old);
                isMine = prefersMine;
            }

            if (!isMine) merged.Add(their);
            else if (own is not null) merged.Add(own.WithKey(their.Key));
        }

        foreach (var (old, place) in began.Select((o, i) => (o, i)))
        {
            // They removed it: whoever changed it meanwhile decides.
            if (keys.ContainsValue(place) || mine.FirstOrDefault(m => m.Key == old.Key) is not { } own || own.SaysSame(old)) continue;
            conflict(place, old);
            if (prefersMine) merged.Add(own.WithKey(free--));
        }

        foreach (var own in mine.Where(m => began.All(b => b.Key != m.Key)))
        {
            if (!theirs.Any(t => !keys.ContainsKey(t.Key) && t.SaysSame(own))) merged.Add(own.WithKey(free--));
        }

        return ([.. merged], [.. rekeyed]);
    }

    /// <summary>Which place of the former version each thing of the newer one has: by what it is, then in order.</summary>
    private static Dictionary<int, int> Match<T>(ImmutableArray<T> began, ImmutableArray<T> theirs) where T : class, IDraftItem<T>
    {
        var keys = new Dictionary<int, int>();
        var open = Enumerable.Range(0, began.Length).ToList();
        foreach (var isExact in new[] { true, false })
        {
            foreach (var their in theirs.Where(t => !keys.ContainsKey(t.Key)))
            {
                var place = open.FindIndex(i => isExact ? their.SaysSame(began[i]) : their.IsSameThing(began[i]) == true);
                if (place < 0) continue;
                keys[their.Key] = open[place];
                open.RemoveAt(place);
            }
        }

        // What has no name is taken for the one in its place, where as many are left on both sides.
        var rest = theirs.Where(t => !keys.ContainsKey(t.Key)).ToList();
        if (rest.Count == open.Count && rest.Zip(open).All(p => p.First.IsSameThing(began[p.Second]) is null))
        {
            foreach (var (their, place) in rest.Zip(open)) keys[their.Key] = place;
        }

        return keys;
    }
}
