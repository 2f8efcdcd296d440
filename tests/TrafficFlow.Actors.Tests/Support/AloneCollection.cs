namespace TrafficFlow.Actors.Tests.Support;

/// <summary>For tests that look at what the whole process uses: they run when no other does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
