Console.WriteLine("trafficflow");
