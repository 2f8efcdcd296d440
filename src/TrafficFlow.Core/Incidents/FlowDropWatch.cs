using System.Runtime.InteropServices;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Incidents;

/// <summary>Sudden drops of the flow of one approach. Only seconds in which a camera of its entering gate watches count: what nobody sees is no drop. Pure.</summary>
internal sealed class FlowDropWatch(ApproachId approach, IncidentBook book, IncidentSettings settings)
{
    // Of a run that goes on, what came in the last minutes says whether it is over.
    private const int MostOfDrop = 3600;

    private readonly List<int> _arrivals = [];
    private long? _open;
    private double _usual;
    private int _secondsOpen;

    /// <summary>One second that was watched.</summary>
    /// <param name="arrived">Vehicles that entered in it.</param>
    public void Watch(DateTimeOffset now, int arrived, ICollection<Incident> told)
    {
        _arrivals.Add(arrived);
        if (_open is { } number) GoOn(number, now, told);
        else Test(now, told);
    }

    /// <summary>It is not watched any more.</summary>
    /// <param name="forgets">So much has passed that what was usual is not known any more.</param>
    public void Interrupt(DateTimeOffset now, bool forgets, ICollection<Incident> told)
    {
        if (_open is { } number && book.End(number, now, IncidentState.NotWatched) is { } ended)
        {
            told.Add(ended);
            Forget();
        }

        _open = null;
        if (forgets) Forget();
    }

    private void Test(DateTimeOffset now, ICollection<Incident> told)
    {
        if (FlowDropTest.Of(CollectionsMarshal.AsSpan(_arrivals), settings) is not { } found)
        {
            Trim(0);
            return;
        }

        Trim(_arrivals.Count - found.Since);
        if (!found.IsDrop) return;
        var (came, expected) = InRun(found);
        var spot = new Spot(IncidentArea.Approach, approach, null, null);
        if (book.Begin(IncidentKind.FlowDrop, spot, now.AddSeconds(-expected / found.UsualPerSecond), now, Confidence(found.Evidence - found.Needed)) is not { } begun) return;
        (_open, _usual, _secondsOpen) = (begun.Number, found.UsualPerSecond, 0);
        told.Add(book.With(begun, came, expected));
        _arrivals.RemoveRange(0, _arrivals.Count - (int)Math.Round(expected / found.UsualPerSecond));
    }

    /// <summary>While it is open the seconds are those of the drop: they tell nothing of what is usual.</summary>
    private void GoOn(long number, DateTimeOffset now, ICollection<Incident> told)
    {
        var last = Math.Min(++_secondsOpen, (int)Math.Ceiling(20 / _usual));
        if (FlowDropTest.IsOver(CollectionsMarshal.AsSpan(_arrivals)[^last..], _usual, settings))
        {
            if (book.End(number, now, IncidentState.Cleared) is { } ended) told.Add(ended);
            _open = null;
            Forget();
            return;
        }

        var (came, seconds) = (_arrivals.Sum(), _arrivals.Count);
        var evidence = (seconds * _usual * (1 - settings.DropShare)) + (came * Math.Log(settings.DropShare));
        if (book.Update(number, now, IncidentKind.FlowDrop, Confidence(evidence - Math.Log(_usual * 3600 * settings.HoursPerFalseDrop)), came, seconds * _usual) is { } update) told.Add(update);
        Trim(MostOfDrop);
    }

    private (int Came, double Expected) InRun(FlowDropEvidence found)
    {
        var run = CollectionsMarshal.AsSpan(_arrivals)[found.Since..];
        var came = 0;
        foreach (var count in run) came += count;
        return (came, run.Length * found.UsualPerSecond);
    }

    /// <summary>At the limit the odds are even that somebody closed the road: it may be a match on television.</summary>
    private static double Confidence(double beyond) => 0.5 + (0.5 * (1 - Math.Exp(-Math.Max(0, beyond) / 5)));

    private void Trim(int run)
    {
        var most = (int)(settings.UsualMinutes * 60) + Math.Min(run, MostOfDrop);
        if (_arrivals.Count > most) _arrivals.RemoveRange(0, _arrivals.Count - most);
    }

    private void Forget() => _arrivals.Clear();
}
