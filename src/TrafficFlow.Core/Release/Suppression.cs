namespace TrafficFlow.Core.Release;

/// <summary>Chooses which sums over time are told.</summary>
internal static class Suppression
{
    /// <summary>
    /// Hides what would add less than the threshold, and of the others as few as protect the tables, of those the ones with the fewest
    /// vehicles. With none told an outsider knows no more than before: so there is an answer.
    /// </summary>
    /// <param name="rests">By category, what the sum would add to what is known; null where it is known already.</param>
    public static bool[] Choose(int?[] rests, int threshold, Func<bool[], bool> areProtected)
    {
        bool[] small = [.. rests.Select(r => r < threshold)];
        List<int> others = [.. Enumerable.Range(0, rests.Length).Where(c => rests[c] >= threshold)];
        return Enumerable.Range(0, 1 << others.Count)
            .OrderBy(set => int.PopCount(set)).ThenBy(set => others.Where((_, i) => (set >> i & 1) == 1).Sum(c => rests[c]))
            .Select(set => small.Select((isSmall, c) => isSmall || (others.IndexOf(c) is >= 0 and var i && (set >> i & 1) == 1)).ToArray())
            .FirstOrDefault(areProtected)
            ?? throw new InvalidOperationException("a table is not protected though all of it is hidden; nothing of it may be released");
    }
}
