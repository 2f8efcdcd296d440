using TrafficFlow.Core.Signals;

namespace TrafficFlow.Simulation;

/// <summary>What one approach is shown: the main lamps for left and through, and the arrow for right.</summary>
public readonly record struct ApproachSignal(SignalColour Ahead, SignalColour Right)
{
    public SignalColour For(Turn turn) => turn == Turn.Right ? Right : Ahead;
}

/// <summary>Four fixed stages: north and south ahead, their right arrows, east and west ahead, their right arrows.</summary>
internal sealed class SignalPlan(SignalTimes times) : IJunctionSignals
{
    public ApproachSignal At(int arm, double seconds)
    {
        var half = times.Cycle / 2;
        var within = seconds % times.Cycle;
        if (within < 0) within += times.Cycle;
        if ((arm & 1) == 1) within -= half;
        var ahead = Colour(within, 0, times.AheadGreen);
        var right = Colour(within, times.AheadGreen + times.Amber + times.AllRed, times.RightGreen);
        return new ApproachSignal(ahead, right);
    }

    /// <summary>What a turn is shown from one change to the next, whole, as far as it overlaps [from, to) in seconds.</summary>
    public IEnumerable<(SignalColour Colour, double From, double To)> Changes(int arm, Turn turn, double from, double to)
    {
        var start = ((arm & 1) * times.Cycle / 2) + (turn == Turn.Right ? times.AheadGreen + times.Amber + times.AllRed : 0);
        var green = turn == Turn.Right ? times.RightGreen : times.AheadGreen;
        for (var begins = start + (Math.Floor((from - start) / times.Cycle) * times.Cycle); begins < to; begins += times.Cycle)
        {
            (SignalColour Colour, double From, double To)[] cycle =
            [
                (SignalColour.Green, begins, begins + green),
                (SignalColour.Amber, begins + green, begins + green + times.Amber),
                (SignalColour.Red, begins + green + times.Amber, begins + times.Cycle),
            ];
            foreach (var change in cycle)
            {
                if (change.From < to && change.To > from) yield return change;
            }
        }
    }

    /// <summary>People cross while ahead is green beside them.</summary>
    public double WalkLeft(int arm, double seconds) => Math.Max(0, times.AheadGreen - Within((arm + 1) & 3, seconds));

    /// <summary>Seconds until ahead gets green on an arm; zero while it is.</summary>
    public double SecondsToGreen(int arm, double seconds)
    {
        var within = Within(arm, seconds);
        return within < times.AheadGreen ? 0 : times.Cycle - within;
    }

    public double GreenSince(int arm, Turn turn, double seconds)
    {
        var within = Within(arm, seconds) - (turn == Turn.Right ? times.AheadGreen + times.Amber + times.AllRed : 0);
        return within >= 0 && within < (turn == Turn.Right ? times.RightGreen : times.AheadGreen) ? within : 0;
    }

    private double Within(int arm, double seconds)
    {
        var within = (seconds - ((arm & 1) * times.Cycle / 2)) % times.Cycle;
        return within < 0 ? within + times.Cycle : within;
    }

    private SignalColour Colour(double within, double start, double green)
    {
        var since = within - start;
        if (since < 0 || since >= green + times.Amber) return SignalColour.Red;
        return since < green ? SignalColour.Green : SignalColour.Amber;
    }
}
