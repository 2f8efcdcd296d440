using TrafficFlow.Core.Junctions;

namespace TrafficFlow.Core.Incidents;

/// <summary>Finds incidents in the scenes of a junction.</summary>
public interface IIncidentDetector
{
    /// <param name="scene">The next second; one of before, or of much later, begins anew.</param>
    /// <param name="told">Gets what is new: incidents that open, change and end.</param>
    void Watch(JunctionScene scene, ICollection<Incident> told);

    /// <summary>No camera watches any more: what is open ends as not watched.</summary>
    void Interrupt(ICollection<Incident> told);
}
