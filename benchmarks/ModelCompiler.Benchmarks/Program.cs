Console.Error.WriteLine("usage: benchmarks goals [name...]");
return 2;
