using Xunit;

namespace TrafficFlow.SystemTests.Processes;

/// <summary>Tests that run whole processes: one after the other, so that they do not starve each other.</summary>
[CollectionDefinition(Name)]
public static class ProcessesCollection
{
    public const string Name = "processes";

    /// <summary>A second row of them, so that two run at a time where nothing else does: most of what they do is to wait.</summary>
    public const string Other = "other processes";
}

[CollectionDefinition(ProcessesCollection.Other)]
public static class OtherProcessesCollection;
