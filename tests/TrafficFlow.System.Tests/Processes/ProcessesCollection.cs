using Xunit;

namespace TrafficFlow.SystemTests.Processes;

/// <summary>Tests that run whole processes: one after the other, so that they do not starve each other.</summary>
[CollectionDefinition(Name)]
public static class ProcessesCollection
{
    public const string Name = "processes";
}
