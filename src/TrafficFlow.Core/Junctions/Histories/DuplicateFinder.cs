namespace TrafficFlow.Core.Junctions.Histories;

/// <summary>
/// Finds duplicates: one real vehicle that became two in the fusion. A camera that sees only a part of a bus, or one that the border of its
/// picture cuts off, places it beside where the other cameras place it; and a detector may find the front and the rear of a bus as two.
/// </summary>
internal sealed class DuplicateFinder(VehicleHistories histories, FusionSettings settings)
{
    // Where only the entry or only the exit is known, so much of the time after the one or before the other is compared.
    private const double BesidesSeconds = 4;

    /// <summary>Marks a duplicate as such. Its observations are added to the original as long as that is not final.</summary>
    public bool IsDuplicate(VehicleHistory history)
    {
        if (OriginalOf(history) is not { } original) return false;
        if (!original.IsFinal) original.Absorb(history);
        original.SecondImages++;
        return true;
    }

    private VehicleHistory? OriginalOf(VehicleHistory history)
    {
        VehicleHistory? best = null;
        var most = settings.DoubleShare;
        history.BesideShare = 0;
        // Only the time in which it is counted is compared: before that its track may have followed another vehicle.
        var from = (history.Entry?.Time ?? history.Exit!.Value.Time - BesidesSeconds) - 1;
        var to = (history.Exit?.Time ?? history.Entry!.Value.Time + BesidesSeconds) + 1;
        foreach (var other in histories.All)
        {
            if (other == history || other.IsDuplicate || history.Contradicts(other)) continue;
            // A final history is an original only if it was emitted, and an incomplete one that was emitted does not stand in for a whole one.
            if (other.IsFinal && !(other.IsEmitted && (other.IsWhole || !history.IsWhole))) continue;
            var share = ShareBeside(history, other, from, to);
            history.BesideShare = Math.Max(history.BesideShare, share);
            if (share > most) (best, most) = (other, share);
        }

        history.IsDuplicate = best is not null;
        return best;
    }

    /// <summary>Share of the time in which the two were nearer than two vehicles are. Where one camera saw both at once: nearer than two can be.</summary>
    private double ShareBeside(VehicleHistory history, VehicleHistory other, double from, double to)
    {
        var (mine, theirs) = (history.Vehicle.LengthMetres, other.Vehicle.LengthMetres);
        return other.Vehicle.WasSeenApartFrom(history.Vehicle)
            ? history.Trace.ShareBeside(other.Trace, from, to, settings.SolidShare * (mine + theirs), settings.SolidAcrossMetres)
            : history.Trace.ShareBeside(other.Trace, from, to, settings.AlongMetres + (settings.DoublePerLength * Math.Max(mine, theirs)), settings.DoubleAcrossMetres);
    }
}
