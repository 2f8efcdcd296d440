using TrafficFlow.Core.Detection;

namespace TrafficFlow.Core.Privacy;

/// <summary>What was coarsened in a film or a picture, and by what.</summary>
public sealed class CoarseningRecord(DetectorIdentity detector, bool isWhole)
{
    /// <summary>That told where persons and vehicles are.</summary>
    public DetectorIdentity Detector { get; } = detector;

    /// <summary>The detector cannot tell persons: every picture was coarsened as a whole.</summary>
    public bool IsWhole { get; } = isWhole;

    /// <summary>Persons and riders that the detector was sure of; one that was lost and seen again elsewhere counts twice.</summary>
    public int Persons { get; private set; }

    /// <summary>Vehicles that it was sure of, near enough for a plate to be read.</summary>
    public int Vehicles { get; private set; }

    /// <summary>Pictures in which anything was coarsened.</summary>
    public int Frames { get; private set; }

    /// <summary>All pictures.</summary>
    public int OfFrames { get; private set; }

    internal void Count(Subject subject)
    {
        if (subject.IsCounted || !subject.IsReliable) return;
        subject.IsCounted = true;
        if (subject.Kind == SubjectKind.Person) Persons++;
        else Vehicles++;
    }

    internal void CountFrame(bool anything)
    {
        OfFrames++;
        if (anything || IsWhole) Frames++;
    }
}
