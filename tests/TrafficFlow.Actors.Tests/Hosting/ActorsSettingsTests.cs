using Akka.Configuration;
using TrafficFlow.Actors.Cameras;
using TrafficFlow.Actors.Hosting;
using TrafficFlow.Actors.Tests.Support;

namespace TrafficFlow.Actors.Tests.Hosting;

public sealed class ActorsSettingsTests
{
    [Fact]
    public void The_reference_says_the_same_defaults_as_the_records() =>
        Assert.Equal(Structure.Text(ActorsSettings.Default), Structure.Text(ActorsSettings.From(Config.Empty)));

    [Fact]
    public void A_node_overrides_what_it_names_and_nothing_else()
    {
        var settings = ActorsSettings.From(ConfigurationFactory.ParseString("trafficflow.actors.camera.reconnect.max = 5m"));

        Assert.Equal(TimeSpan.FromMinutes(5), settings.Cameras.Reconnect.Max);
        Assert.Equal(BackOffSettings.Default.Initial, settings.Cameras.Reconnect.Initial);
    }
}
