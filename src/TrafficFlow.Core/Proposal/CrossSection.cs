using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Proposal;

/// <summary>A place where a gate could lie: what passes it, how surely, and how far it may reach to either side.</summary>
/// <param name="From">End of the gate, pixels along the line from its centre.</param>
/// <param name="Through">Meetings of the vehicles that pass in the line's direction within the gate, one a path, in order along the line.</param>
/// <param name="Score">Vehicles' worth that is counted surely here, less what would be counted wrongly.</param>
internal sealed record CrossSection(SectionLine Line, double From, double To, IReadOnlyList<Meeting> Through, double Score)
{
    /// <summary>Null where nothing passes in the line's direction.</summary>
    /// <param name="isWanted">Whether it is good to count this vehicle here; to count one that has its gates already is wrong.</param>
    public static CrossSection? At(
        SectionLine line, IReadOnlyList<MotionPath> moving, Func<Meeting, bool> isWanted, FrameFormat frame, ProposalSettings settings)
    {
        var (along, against) = Meet(line, moving, settings);
        if (along.Count == 0) return null;
        var opposite = against.Where(m => m.Cosine < -0.5).Select(m => m.Aside).ToList();
        var through = Carriageway(along, opposite, settings);
        var (from, to) = Reach(line, through, against, frame, settings);
        var score = through.Sum(m => isWanted(m) ? Sureness(m, frame, settings) : -Weight(m, settings))
            - against.Where(m => m.Aside >= from && m.Aside <= to).Sum(m => Weight(m, settings));
        return new CrossSection(line, from, to, through, score);
    }

    /// <summary>How surely a vehicle is counted at a meeting, 0..1.</summary>
    public static double Sureness(in Meeting meeting, FrameFormat frame, ProposalSettings settings)
    {
        var inside = Math.Clamp(meeting.Place.BorderDistance(frame.Width, frame.Height) / settings.BorderReach, 0, 1);
        var large = meeting.Place.Size / (meeting.Place.Size + (settings.SmallSize * frame.Height));
        var standing = meeting.Path.SecondsAround(meeting.Travelled) > settings.StandingSeconds ? 0.5 : 1;
        return Weight(meeting, settings) * inside * large * standing;
    }

    /// <summary>How well the vehicle was followed on both sides.</summary>
    private static double Weight(in Meeting meeting, ProposalSettings settings) =>
        Math.Sqrt(Math.Clamp(Math.Min(meeting.Travelled, meeting.Path.Travel - meeting.Travelled) / settings.SureReach, 0, 1));

    private static (List<Meeting> Along, List<Meeting> Against) Meet(SectionLine line, IReadOnlyList<MotionPath> moving, ProposalSettings settings)
    {
        var sameHeading = Math.Cos(settings.SameHeading * Math.PI / 180);
        var (along, against) = (new List<Meeting>(), new List<Meeting>());
        foreach (var path in moving)
        {
            Meeting? nearest = null;
            foreach (var meeting in path.Meet(line))
            {
                if (meeting.Cosine < sameHeading) against.Add(meeting);
                else if (nearest is not { } other || Math.Abs(meeting.Aside) < Math.Abs(other.Aside)) nearest = meeting;
            }

            if (nearest is { } passed) along.Add(passed);
        }

        along.Sort((a, b) => a.Aside.CompareTo(b.Aside));
        return (along, against);
    }

    /// <summary>Vehicles that pass side by side around the line's centre; one that comes the other way, or a wide gap, ends the carriageway.</summary>
    private static List<Meeting> Carriageway(List<Meeting> along, List<double> opposite, ProposalSettings settings)
    {
        var centre = 0;
        for (var i = 1; i < along.Count; i++)
        {
            if (Math.Abs(along[i].Aside) < Math.Abs(along[centre].Aside)) centre = i;
        }

        var (first, last) = (centre, centre);
        while (first > 0 && AreNeighbours(along[first - 1], along[first])) first--;
        while (last < along.Count - 1 && AreNeighbours(along[last], along[last + 1])) last++;
        return along[first..(last + 1)];

        bool AreNeighbours(in Meeting a, in Meeting b)
        {
            var (left, right) = (a.Aside, b.Aside);
            return right - left <= settings.LaneGap * (a.Place.Size + b.Place.Size) / 2 && !opposite.Exists(o => o > left && o < right);
        }
    }

    /// <summary>A little beyond the outermost vehicles, at most half way to those that go another way, and within the picture.</summary>
    private static (double From, double To) Reach(
        SectionLine line, List<Meeting> through, List<Meeting> against, FrameFormat frame, ProposalSettings settings)
    {
        var (first, last) = (through[0].Aside, through[^1].Aside);
        var from = through.Min(m => m.Aside - (settings.Margin * m.Place.Size));
        var to = through.Max(m => m.Aside + (settings.Margin * m.Place.Size));
        foreach (var other in against.Select(m => m.Aside))
        {
            if (other < first) from = Math.Max(from, Math.Min((other + first) / 2, through.Min(m => m.Aside - (settings.LeastMargin * m.Place.Size))));
            if (other > last) to = Math.Min(to, Math.Max((other + last) / 2, through.Max(m => m.Aside + (settings.LeastMargin * m.Place.Size))));
        }

        Clip(line.X, line.DirectionY, frame.Width);
        Clip(line.Y, -line.DirectionX, frame.Height);
        return (from, to);

        void Clip(double centre, double step, double length)
        {
            if (Math.Abs(step) < 1e-9) return;
            var (a, b) = (-centre / step, (length - centre) / step);
            from = Math.Max(from, Math.Min(a, b));
            to = Math.Min(to, Math.Max(a, b));
        }
    }
}
